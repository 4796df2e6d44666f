"""Sending what waits, one message at a time; each is written down as sent before the next."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import Engine

from aggregator.settings import Settings
from aggregator.store.tables import NoticeRow, NoticeState
from aggregator.store.transaction import publishing
from schedules.notice.letter import Letter, letter
from schedules.notice.mail import PostError, send_mail
from schedules.notice.outbox import claim, note, refused, sent
from schedules.notice.webhook import send_webhook

logger = logging.getLogger(__name__)


def deliver(engine: Engine, settings: Settings, now: datetime) -> int:
    """Write down what is due and send what waits; how many messages were taken.

    A message is marked as being sent before it leaves, and as sent when its server took it. Who
    dies in between leaves it to be sent again after a while, under the same id: mail servers and
    webhooks can tell it is the same.
    """
    with publishing(engine) as session:
        note(session, settings, now)
    taken = 0
    while True:
        with publishing(engine) as session:
            row = claim(session, now)
            if row is None:
                return taken
            said = letter(session, row, settings.portal)
            session.flush()
            session.expunge(row)
        taken += _deliver(engine, settings, row, said, now)


def _deliver(
    engine: Engine, settings: Settings, notice: NoticeRow, said: Letter | None, now: datetime
) -> bool:
    error: PostError | None = None
    if said is None:
        error = PostError("what it is about is no longer there", lasting=True)
    else:
        try:
            _send(settings, notice, said, now)
        except PostError as failed:
            logger.warning("%s to %s: %s", notice.kind, notice.channel, failed)
            error = failed
    with publishing(engine) as session:
        row = session.get_one(NoticeRow, notice.id)
        if error is None:
            sent(row, now)
        else:
            refused(row, str(error), now, lasting=error.lasting)
        return row.state is NoticeState.SENT


def _send(settings: Settings, notice: NoticeRow, said: Letter, now: datetime) -> None:
    if notice.channel == "webhook":
        secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
        send_webhook(notice.recipient, secret, said, now, settings.allowed_private_hosts)
    elif settings.mail_server is None:
        raise PostError("no mail server is set")
    else:
        server = settings.mail_server.get_secret_value()
        send_mail(server, settings.mail_from, notice.recipient, said, now)
