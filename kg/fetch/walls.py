"""What stands between us and a record: login walls, bot checks, web pages in place of data."""

from __future__ import annotations

import json
import re

from kg.contacts.masking import masked
from kg.fetch.http import Answer, Cut, Refused
from kg.values import one_line

_BOT_CHECKS = (
    ("acw_sc__v2", "a script that sets the cookie acw_sc__v2"),
    ("aliyun_waf", "a script of the Aliyun firewall"),
    ("block_message", "a firewall's message"),
    ("cf-chl-", "a Cloudflare challenge"),
    ("cf_chl_", "a Cloudflare challenge"),
    ("Just a moment...", "a Cloudflare challenge"),
    ("_Incapsula_Resource", "an Imperva challenge"),
    ("g-recaptcha", "a captcha"),
    ("h-captcha", "a captcha"),
    ("geetest", "a captcha"),
)
# Pages may be hostile: each pattern here looks at every character a bounded number of times.
_INPUT = re.compile(r"<input\b", re.IGNORECASE)
_PASSWORD = re.compile(r"""\btype\s*=\s*["']?password\b""", re.IGNORECASE)
_WEB_PAGE = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|script|title|form|meta)\b", re.IGNORECASE
)
_BLANKS = re.compile(rb"\s*")
_TITLE = re.compile(r"<title[^<>]{0,300}>(.{0,400}?)</title", re.IGNORECASE | re.DOTALL)


def text_of(body: bytes) -> str:
    """The text of a page, for looking only: bad bytes are shown as such."""
    return body.decode("utf-8-sig", "replace")


def wall(text: str) -> str:
    """Which wall a page is, in words; empty when it is none that is known.

    >>> wall("<script>document.cookie='acw_sc__v2='+x</script>")
    'a bot check (a script that sets the cookie acw_sc__v2)'
    >>> wall("<form><input type='password' name=p></form>")
    'a login wall (a form that asks for a password)'
    """
    for mark, what in _BOT_CHECKS:
        if mark in text:
            return f"a bot check ({what})"
    return "a login wall (a form that asks for a password)" if _asks_for_password(text) else ""


def _asks_for_password(text: str) -> bool:
    at = 0
    while tag := _INPUT.search(text, at):
        end = text.find(">", tag.end())
        at = end if end >= 0 else len(text)
        if _PASSWORD.search(text, tag.end(), at):
            return True
    return False


def is_web_page(body: bytes) -> bool:
    """Whether an answer begins as HTML does; XML of a registry does not."""
    start = body[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    at = 0
    while start.startswith(b"<!--", at):
        end = start.find(b"-->", at + 4)
        blanks = _BLANKS.match(start, end + 3) if end >= 0 else None
        if blanks is None:
            return False  # the comment does not end
        at = blanks.end()
    return _WEB_PAGE.match(start, at) is not None


def checked(answer: Answer, wanted: str) -> bytes:
    """The body of an answer of status 200 that is no web page, when ``wanted`` was asked for.

    Raises Refused: final where nothing is there (404, 410), a wall where the client is kept out
    (401, 403, 405, 451, any web page), otherwise with the status and what the server says.
    """
    status, body = answer.status, answer.body
    text = text_of(body[:200_000])
    web_page = is_web_page(body)
    if status in (404, 410):
        raise Refused(f"not found (status {status})", status, final=True)
    if web_page and wall(text):
        raise Refused(f"{wall(text)} in place of {wanted}", status, wall=True)
    if status in (401, 403, 405, 451):
        raise Refused(f"status {status}: this client is not let in", status, wall=True)
    if status != 200:
        raise Refused(f"status {status}{_said(text)}", status)
    if web_page:
        raise Refused(f"a web page{title(text)} in place of {wanted}", status, wall=True)
    return body


def json_of(answer: Answer) -> object:
    """The JSON of an answer, read to its end.

    Raises Cut where it ends too early or is no JSON, and Refused as ``checked`` does.
    """
    body = checked(answer, "JSON")
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError):
        raise Cut(f"an answer of {len(body):,} bytes that is no whole JSON") from None
    return value


def title(text: str) -> str:
    """`` (its title)`` of a web page, short and without contacts; empty when it has none."""
    found = _TITLE.search(text[:65536])
    name = masked(one_line(found[1]))[:60] if found else ""
    return f" ({name})" if name else ""


def _said(text: str) -> str:
    """What a server says about a refusal, where that is a short plain text."""
    said = masked(one_line(text))
    return f": {said[:200]}" if said and "<" not in said else ""
