"""What is written: markup, injections, links. What a person has no reason to type into an enquiry."""

import re
import unicodedata
from collections.abc import Iterator

from leadcapture.domain.frozen import frozen
from leadcapture.domain.lead import Content
from leadcapture.domain.submission import Answer
from leadcapture.intake.guarded import Guarded

INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
NO_LETTERS = re.compile(r"[\W_]+")
NO_LETTERS_OF_ASCII = bytes(code for code in range(128) if not chr(code).isalnum())
LINK = Guarded(
    "://  www.",
    r"(?:https?://|\bwww\.)([\w.-]{1,120}\.[a-z]{2,24}|\w[\w-]{0,60}\.(?:xn--\w{1,60}|рф|онлайн))(?::\d{1,5})?(/\S*)?",
)
_ENDINGS = (
    "ru cn xyz top site online club vip bet casino click link shop icu live win buzz pw su info biz me ly gl cc tk ml"
)
BARE_LINK = Guarded(
    " ".join(f".{ending}" for ending in _ENDINGS.split()),
    rf"(?<![@\w.-])((?:[a-z0-9-]+\.)+(?:{_ENDINGS.replace(' ', '|')}))(/[\w?=&%#./-]*)?(?![\w@-])",
)
BBCODE = Guarded("[", r"\[(?:url|link|img)[=\]]")
LOADED_MARKUP = Guarded(
    "<", r"<\s{0,9}/?\s{0,9}(?:a|script|img|iframe|svg|object|embed|style|form|meta)\b[^>]{0,200}>?"
)
PLAIN_MARKUP = Guarded("<", r"<\s{0,9}/?\s{0,9}(?:div|span|b|i|u|p|br|em|strong|h[1-6]|font)\b[^>]{0,200}>")
SCRIPT = Guarded(
    "< = javascript: document.cookie",
    r"<\s{0,9}script|javascript:|\bon(?:error|load|click|mouseover|focus)\s*=|document\.cookie|<\?php",
)
INJECTION = Guarded(
    "= ; | ${ {{ <! ../ /etc/ %0d%0a bcc: content-type: union sleep waitfor drop xp_cmdshell response.write( nslookup",
    r"\bunion\s+(?:all\s+)?select\b|'\s*(?:or|and)\s+'?\d+'?\s*=\s*'?\d+|\bsleep\s*\(\s*\d+|waitfor\s+delay"
    r"|\bdrop\s+table\b|\bxp_cmdshell\b|\bpg_sleep\b|(?:\.\./){2,}|/etc/passwd|\$\{jndi:|\{\{\s*\d+\s*\*\s*\d+\s*\}\}"
    r"|\$\{\d+\*\d+\}|<!entity|<!--#exec|\bcat\s+/etc/|%0d%0a\w+:|\bbcc:\s*\S+@|content-type:\s*text/|\r?\nbcc:"
    r"|\bresponse\.write\(|\bnslookup\b|;\s*(?:ls|id|whoami|cat)\s*(?:;|$)|\|\s*(?:whoami|id)\b|\bselect\s+.{1,40}\bfrom\b"
    r".{1,40}\bwhere\b.{1,40}=",
)
_SHORTENERS = """
    bit.ly bitly.com tinyurl.com t.me telegra.ph goo.gl cutt.ly is.gd rb.gy shorturl.at ow.ly t.co t.ly rebrand.ly
    clck.ru vk.cc wa.me lnkd.in tiny.cc u.to
    """
SHORTENERS = frozenset(_SHORTENERS.split())
ABOUT_A_SITE = re.compile(r"web|site|url|link|homepage|portfolio|sitio|сайт|网站|サイト", re.I)
SHORT = 120


@frozen
class Doubt:
    """Something that speaks against a lead: how much, and why in words for the operator."""

    points: int
    reason: str


def plain_text(text: str) -> str:
    """Return a text as a person reads it: compatibility forms folded, invisible characters left out."""
    return text if text.isascii() else INVISIBLE.sub("", unicodedata.normalize("NFKC", text))


def everything(content: Content) -> str:
    """Return all that a lead says, a line for each answer."""
    texts = [answer.text for answer in content.answers] + [content.message, content.subject]
    return plain_text("\n".join(dict.fromkeys(text for text in texts if text)))


def letters(text: str) -> str:
    """Return a text's letters and digits alone, so that spaces and marks make no other text of it."""
    if text.isascii():
        return text.lower().encode().translate(None, NO_LETTERS_OF_ASCII).decode()
    return NO_LETTERS.sub("", plain_text(text).casefold())


def text_doubts(content: Content, text: str, small: str, foreign: set[str]) -> Iterator[Doubt]:
    """Yield what no enquiry has a reason to hold; `text` is everything it says, `small` the same in small letters,
    `foreign` the hosts it links to."""
    if BBCODE.found_in(text, small):
        yield Doubt(100, "holds a forum's markup")
    elif SCRIPT.found_in(text, small):
        yield Doubt(100, "holds a script")
    elif LOADED_MARKUP.found_in(text, small):
        yield Doubt(70, "holds markup that loads or links something")
    elif PLAIN_MARKUP.found_in(text, small):
        yield Doubt(20, "holds markup")
    if INJECTION.found_in(text, small):
        yield Doubt(100, "looks like an attempt to break in")
    if LINK.may_be_in(small):
        yield from _stray_links(content)
    yield from _link_doubts(foreign)


def _stray_links(content: Content) -> Iterator[Doubt]:
    if any(_has_stray_link(answer, content) for answer in content.answers):
        yield Doubt(60, "a link in a short answer")


def _link_doubts(foreign: set[str]) -> Iterator[Doubt]:
    shortened = any(host in SHORTENERS for host in foreign)
    if shortened:
        yield Doubt(60, "holds a link that hides where it leads")
    if len(foreign) >= 3:
        yield Doubt(100, f"holds links to {len(foreign)} websites")
    elif foreign:
        yield Doubt(30 * len(foreign), "holds a link")


def _has_stray_link(answer: Answer, content: Content) -> bool:
    short = len(answer.text) <= SHORT and answer.text != content.message and answer.type != "url"
    asked_for = ABOUT_A_SITE.search(f"{answer.key} {answer.label}") is not None
    return short and not asked_for and LINK.pattern.search(answer.text) is not None


def foreign_hosts(content: Content, text: str, small: str) -> set[str]:
    """Return the hosts that a lead's whole text links to, the sender's own left out: those of the address, or of an
    answer for it."""
    hosts = {_host(found[1]) for pattern in (LINK, BARE_LINK) for found in pattern.each_in(text, small)}
    if not hosts:
        return hosts
    own = content.email.rpartition("@")[2].casefold() or "-"
    given = {
        _host(found[1])
        for answer in content.answers
        if ABOUT_A_SITE.search(f"{answer.key} {answer.label}")
        for found in LINK.pattern.finditer(answer.text)
    }
    return {host for host in hosts - given if not (own == host or own.endswith(f".{host}") or host.endswith(f".{own}"))}


def _host(text: str) -> str:
    return text.casefold().removeprefix("www.").rstrip(".")
