"""axe-core in a page: what it objects to, WCAG 2.2 A and AA and its best practices."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

_SCRIPT = Path(__file__).parent / "axe" / "axe.min.js"
_RUN = """async ([within, tags]) => {
  const found = await axe.run(within || document, {runOnly: {type: 'tag', values: tags}})
  return found.violations.flatMap(rule =>
    rule.nodes.map(node => `${rule.id}: ${node.target.join(' ')} ${node.failureSummary}`))
}"""
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def _axe() -> str:
    return _SCRIPT.read_text("utf-8")


def violations(page: Page, within: str = "") -> list[str]:
    """What axe-core objects to in the page that is shown, a line an element.

    `within` is a CSS selector of the only part that is looked at.

    The rules are put in by the debugger, which no Content-Security-Policy forbids.
    """
    if not page.evaluate("typeof axe !== 'undefined'"):
        page.evaluate(_axe())
    found: list[str] = page.evaluate(_RUN, [within, _TAGS])
    return found
