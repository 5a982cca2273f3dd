"""The answer to a request that would wait too long, made without the application: for scripts, builders and people."""

import json
from base64 import b64encode
from email.utils import formatdate
from functools import lru_cache
from hashlib import sha256

from flask import Request

from leadcapture.domain.frozen import frozen
from leadcapture.web.access import ALLOWED_HEADERS, wants_json
from leadcapture.web.hosts import PROBES
from leadcapture.web.raw_request import read_request

RETRY_SECONDS = 5
TEXTS = {
    "en": (
        "One moment, please",
        "Your message was not saved: too many people are sending just now. "
        "Please go back and send it again in a moment.",
        "Too many people are here just now. Please try again in a moment.",
    ),
    "de": (
        "Einen Augenblick, bitte",
        "Ihre Nachricht wurde nicht gespeichert: Gerade senden zu viele Menschen gleichzeitig. "
        "Bitte gehen Sie zurück und senden Sie sie gleich noch einmal.",
        "Gerade sind zu viele Menschen gleichzeitig hier. Bitte versuchen Sie es gleich noch einmal.",
    ),
    "fr": (
        "Un instant, s’il vous plaît",
        "Votre message n’a pas été enregistré : trop de personnes envoient en ce moment. "
        "Revenez en arrière et renvoyez-le dans un instant.",
        "Trop de personnes sont ici en ce moment. Veuillez réessayer dans un instant.",
    ),
    "es": (
        "Un momento, por favor",
        "Su mensaje no se ha guardado: demasiadas personas están enviando en este momento. "
        "Vuelva atrás y envíelo de nuevo en un momento.",
        "Hay demasiadas personas aquí en este momento. Inténtelo de nuevo en un momento.",
    ),
}
STYLE = (
    ":root{color-scheme:light dark}body{font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto 0;"
    "padding:0 1.5rem}h1{font-size:1.5rem;line-height:1.25}"
)
STYLE_HASH = b64encode(sha256(STYLE.encode()).digest()).decode()
PAGE = (
    '<!doctype html><html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>{title}</title><style>{style}</style><h1>{title}</h1><p>{text}</p></html>\n"
)
HEADERS = (
    f"Retry-After: {RETRY_SECONDS}\r\n"
    "Cache-Control: no-store\r\n"
    "Vary: Accept, Accept-Language, Origin\r\n"
    # A form in a website's frame may be answered with this page; there is nothing on it to click.
    f"Content-Security-Policy: default-src 'none'; style-src 'sha256-{STYLE_HASH}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors *\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: strict-origin-when-cross-origin\r\n"
    "Permissions-Policy: camera=(), microphone=(), geolocation=()\r\n"
    # Any website's script may read this: it says nothing about anybody, and unread its visitor would learn nothing.
    "Access-Control-Allow-Origin: *\r\n"
    "Access-Control-Expose-Headers: Retry-After\r\n"
)
# Who may post is asked when the post comes: so its script can read the refusal.
PREFLIGHT = (
    "HTTP/1.1 204 No Content\r\n"
    "Access-Control-Allow-Origin: *\r\n"
    "Access-Control-Allow-Methods: GET, POST, OPTIONS\r\n"
    f"Access-Control-Allow-Headers: {ALLOWED_HEADERS}\r\n"
)
READ = ("CONTENT_TYPE", "HTTP_ACCEPT", "HTTP_X_REQUESTED_WITH", "HTTP_ACCEPT_LANGUAGE")
LONGEST_KEPT = 300
"""Of a header's value: what is remembered of it is chosen by strangers."""


@frozen
class Refusal:
    """An answer as it goes over the line, and whether the line can take another request after it."""

    data: bytes
    stays: bool


def refusal(came: bytes, keep: bool) -> Refusal | None:
    """Return the refusal of a request of which at least the head has come; None for probes, and for what is no request.

    The line stays where `keep` says so and nothing but this one request has come, whole.
    """
    request = read_request(came)
    if request is None:
        return None
    method, target, variables = request.method, request.target, request.variables
    if target.partition("?")[0] in PROBES:
        return None
    ends = "close" in variables.get("HTTP_CONNECTION", "").lower()
    stays = keep and request.minor == "1" and request.is_whole and not ends
    kind = "preflight" if method == "OPTIONS" and target.startswith("/f/") else "post" if method == "POST" else "other"
    hook = target.startswith("/hooks/")
    head, body = _answer(kind, hook, *(variables.get(name, "")[:LONGEST_KEPT] for name in READ))
    line = "keep-alive" if stays else "close"
    head = f"{head}Date: {formatdate(usegmt=True)}\r\nConnection: {line}\r\n\r\n"
    return Refusal(head.encode() + (b"" if method == "HEAD" else body), stays)


@lru_cache(maxsize=256)
def _answer(kind: str, hook: bool, *read: str) -> tuple[str, bytes]:
    """Return the head without its last lines, and the body. There are few different ones: each is made once."""
    if kind == "preflight":
        return PREFLIGHT, b""
    request = Request({"REQUEST_METHOD": "POST", **dict(zip(READ, read, strict=True))})
    language = request.accept_languages.best_match(TEXTS, "en")
    title, not_saved, not_now = TEXTS[language]
    text = not_saved if kind == "post" else not_now
    if hook or wants_json(request):
        body, media = json.dumps({"ok": False, "error": text, "code": "too_busy"}), "application/json"
    else:
        body, media = PAGE.format(language=language, title=title, text=text, style=STYLE), "text/html; charset=utf-8"
    data = body.encode()
    head = f"HTTP/1.1 503 Service Unavailable\r\nContent-Type: {media}\r\nContent-Length: {len(data)}\r\n{HEADERS}"
    return head, data
