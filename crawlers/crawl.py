"""One crawl, one process: `python -m crawlers.crawl FOLDER`, where FOLDER holds a job.json.

Exit code 0 when the run folder was made whole, whatever was found; anything else is a crash.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawlers.job import Job
from crawlers.process import confine, end_with_lease
from crawlers.spider import NetworkSpider
from crawlers.spool import JOB, SUMMARY

_AT_ONCE = 8  # requests to a host of one's own that may be asked without pause


def main(arguments: list[str]) -> int:
    """Run the job in the folder that is named."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m crawlers.crawl FOLDER\n")
        return 2
    folder = Path(arguments[0])
    job = Job.model_validate_json((folder / JOB).read_text("utf-8"))
    confine(job)
    if job.token is not None:
        end_with_lease(sys.stdin.fileno())
    process = AsyncCrawlerProcess(crawl_settings(job))
    logging.getLogger("scrapy").setLevel(job.log_level)  # Scrapy sets it to DEBUG: a line a page
    process.crawl(NetworkSpider, job=job, folder=folder)
    process.start()
    return 0 if (folder / SUMMARY).exists() else 1


def crawl_settings(job: Job) -> Settings:
    """Scrapy's settings for a job: polite, bounded, and nothing that is not needed."""
    limits = job.source.politeness
    hosts = {_host(url) for url in job.source.start}
    own = bool(hosts) and all(job.owns(host) for host in hosts)
    at_once = _AT_ONCE if own and job.download_delay == 0 else 1
    values: dict[str, Any] = {
        "USER_AGENT": job.user_agent,
        "DOWNLOAD_DELAY": job.pause,
        "DOWNLOAD_DELAY_JITTER": 0,
        # Scrapy sends so many of those that come together, whatever it allows a host without pause.
        "CONCURRENT_REQUESTS": _AT_ONCE,
        "CONCURRENT_REQUESTS_PER_DOMAIN": at_once,
        "DOWNLOAD_HANDLERS": dict.fromkeys(
            ("http", "https"), "crawlers.pause.PausingDownloadHandler"
        ),
        "CONCURRENT_ITEMS": 1,  # Scrapy starts so many tasks a page, and ours yields requests alone
        "DOWNLOAD_TIMEOUT": min(60, limits.seconds / 3),
        "DOWNLOAD_MAXSIZE": limits.page_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "CLOSESPIDER_TIMEOUT": limits.seconds,
        "REDIRECT_MAX_TIMES": 5,
        "RETRY_TIMES": 2,
        "RETRY_HTTP_CODES": [500, 502, 503, 504, 522, 524, 408],
        "RETRY_GIVE_UP_LOG_LEVEL": "INFO",
        "ROBOTSTXT_OBEY": False,  # Scrapy's own; ours follows RFC 9309 and is always on
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "DNS_RESOLVER": "crawlers.guard.GuardedResolver",
        "TWISTED_DNS_RESOLVER": "crawlers.guard.GuardedResolver",
        "ALLOWED_PRIVATE_HOSTS": list(job.allowed_private_hosts),
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.5",
            "Accept-Language": "de,en;q=0.3",
            "Accept-Encoding": "gzip, deflate",
        },
        "SPIDER_MIDDLEWARES_BASE": {},  # the spider itself counts links and names error pages
        "DOWNLOADER_MIDDLEWARES": {
            "crawlers.guard.GuardMiddleware": 10,
            "crawlers.robots.RobotsMiddleware": 100,
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "crawlers.throttle.ThrottleMiddleware": 700,
            "crawlers.transfer.TransferMiddleware": 890,
        },
        "LOG_INSTALL_ROOT_HANDLER": False,
        "LOG_LEVEL": job.log_level,
        "LOGSTATS_INTERVAL": 0,
    }
    return Settings(values)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
