"""`GET /embed.js`: the one script that a website adds.

The source in static/embed.js is written to be read; what goes out is the same without indentation and comment
lines, compressed once. Its ETag changes with its content, so browsers ask at most once an hour and get a 304.
"""

import gzip
import hashlib
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as BaseResponse

import leadcapture
from leadcapture.domain.frozen import frozen

SOURCE = Path(__file__).parent / "static" / "embed.js"

blueprint = Blueprint("embed", __name__)


@frozen
class Script:
    """The script as it goes out, plain and compressed."""

    body: bytes
    compressed: bytes
    tag: str


@cache
def prepared() -> Script:
    """Return the script, read and compressed at the first request."""
    body = f"/* leadcapture {leadcapture.__version__} */\n{compacted(SOURCE.read_text('utf-8'))}".encode()
    return Script(body, gzip.compress(body, 9, mtime=0), hashlib.sha256(body).hexdigest()[:16])


def compacted(source: str) -> str:
    """Return the script without indentation, blank lines and lines that are only a comment."""
    lines = (line.strip() for line in source.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith(("//", "/*"))) + "\n"


@blueprint.get("/embed.js")
def embed() -> BaseResponse:
    """Answer with the script, or with 304 to a browser that has it."""
    found = prepared()
    zipped = request.accept_encodings["gzip"] > 0
    response = Response(found.compressed if zipped else found.body, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=3600, stale-while-revalidate=86400"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.vary.add("Accept-Encoding")
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.set_etag(f"{found.tag}-gz" if zipped else found.tag)
    return response.make_conditional(request)
