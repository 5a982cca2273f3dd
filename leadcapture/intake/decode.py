"""Bytes of any form post become a tree, and the flat list of a form's parts."""

import binascii
import re
from typing import Any
from urllib.parse import unquote_to_bytes

from leadcapture.domain.frozen import frozen
from leadcapture.domain.submission import FilePart
from leadcapture.errors import TooLarge, Unreadable, UnsupportedType
from leadcapture.intake.json_text import parse_json_bytes, refuse_more_leaves
from leadcapture.intake.multipart import parse_multipart
from leadcapture.intake.nesting import nest, opened, unwrap
from leadcapture.intake.plain_text import decode_text
from leadcapture.intake.xml_text import is_xml, parse_xml

_JSON_TYPE = re.compile(r"(application|text)/(x-)?([\w.-]+\+)?json(lines)?")
_UNDECLARED = {"", "text/plain", "application/octet-stream", "*/*", "text/x-form", "binary/octet-stream"}
_FORM = re.compile(rb"[^\s=&<>{}\"]{1,200}=")
_PLAIN_LINE = re.compile(rb"^[^=\r\n&]{1,200}=[^\r\n]*\r?$", re.MULTILINE)
_QUOTED_WRONGLY = re.compile(r"%(?![0-9A-Fa-f]{2})")
_PARAMETER = re.compile(r';\s*([\w-]+)\s*=\s*(?:"([^"]*)"|([^;\s]*))')


@frozen
class Decoded:
    """A decoded body.

    `tree`: brackets un-nested, JSON inside parts parsed, wrappers taken off. `pairs`: a form's parts in order as
    they were sent; for JSON, the top level's items (values may be of any kind). `files`: what was attached.
    """

    tree: Any
    pairs: list[tuple[str, Any]]
    files: tuple[FilePart, ...] = ()


def decode(
    content_type: str, body: bytes, *, max_fields: int = 1000, max_depth: int = 32, xml: bool = False
) -> Decoded:
    """Decode a body by its content type, XML only where that is asked for.

    Raises TooLarge, UnsupportedType or Unreadable, and nothing else.
    """
    kind, _, parameters = content_type.partition(";")
    kind = kind.strip().lower()
    options = _parameters(content_type) if parameters else {}
    charset = options.get("charset", "")
    if kind.startswith("multipart/"):
        return _from_multipart(body, options.get("boundary", ""), charset, max_fields, max_depth)
    if xml and (is_xml(kind) or (kind in _UNDECLARED and body.lstrip()[:5] == b"<?xml")):
        return _from_tree(parse_xml(body, charset, max_fields, max_depth), "XML", max_fields, max_depth)
    return _from_text(kind, body, charset, max_fields, max_depth)


def _from_text(kind: str, body: bytes, charset: str, max_fields: int, max_depth: int) -> Decoded:
    if kind == "application/x-www-form-urlencoded":
        sniffed = "json" if body[:1] in (b"{", b"[") and _sniff(body) == "json" else "form"
    elif _JSON_TYPE.fullmatch(kind):
        sniffed = "form" if body.strip() and _sniff(body) == "form" else "json"
    elif kind in _UNDECLARED:
        sniffed = _sniff(body)
    else:
        raise UnsupportedType(f"{kind[:80]} does not carry a form")
    if sniffed == "json":
        return _from_json(body, charset, max_fields, max_depth)
    if sniffed == "lines":
        return _from_pairs(_lines(body, charset, max_fields), max_fields, max_depth)
    if sniffed == "form":
        return _from_pairs(_urlencoded(body, charset, max_fields), max_fields, max_depth)
    raise Unreadable("the body is not a form") if kind else UnsupportedType("no content type, and not a form")


def from_query(query: tuple[tuple[str, str], ...], max_fields: int = 1000, max_depth: int = 32) -> Decoded:
    """Decode a form that was sent by GET."""
    return _from_pairs([(key, value) for key, value in query], max_fields, max_depth)


def _parameters(content_type: str) -> dict[str, str]:
    found = _PARAMETER.findall(content_type)
    return {name.lower(): quoted or plain for name, quoted, plain in found}


def _sniff(body: bytes) -> str:
    """Say what a body looks like: json, form, lines (enctype=text/plain), or nothing that we know."""
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:300]
    if start[:1] in (b"{", b"[", b'"') or start[:2] in (b"\xff\xfe", b"\xfe\xff") or start[1:2] == b"\0":
        return "json"
    lines = body.strip().splitlines()
    if len(lines) > 1 and b"&" not in lines[0] and len(_PLAIN_LINE.findall(body)) > 1:
        return "lines"
    if _FORM.match(start) or not start:
        return "form"
    return "lines" if _PLAIN_LINE.match(start) else ""


def _from_json(body: bytes, charset: str, max_fields: int, max_depth: int) -> Decoded:
    return _from_tree(parse_json_bytes(body, charset, max_fields, max_depth), "JSON", max_fields, max_depth)


def _from_tree(parsed: Any, language: str, max_fields: int, max_depth: int) -> Decoded:
    closed = unwrap(parsed)
    tree = opened(closed, max_fields, max_depth)
    if tree is not closed:
        refuse_more_leaves(tree, max_fields)
    if isinstance(tree, dict):
        return Decoded(tree, list(tree.items()))
    if isinstance(tree, list) and any(isinstance(item, dict) for item in tree):
        return Decoded(tree, [("", item) for item in tree])
    raise Unreadable(f"the {language} is not an object")


def _from_multipart(body: bytes, boundary: str, charset: str, max_fields: int, max_depth: int) -> Decoded:
    if not boundary:
        raise Unreadable("the multipart body names no boundary")
    pairs, files = parse_multipart(body, boundary, charset, max_fields)
    return _from_pairs(pairs, max_fields, max_depth, tuple(files))


def _from_pairs(
    pairs: list[tuple[str, str]], max_fields: int, max_depth: int, files: tuple[FilePart, ...] = ()
) -> Decoded:
    tree: dict[str, Any] = dict(pairs)
    if len(tree) != len(pairs) or any("[" in key or value[:1] in ("{", "[") for key, value in pairs):
        tree = nest(pairs, max_fields, max_depth)
        if any(value[:1] in ("{", "[") for _, value in pairs):
            refuse_more_leaves(tree, max_fields)
    unwrapped = unwrap(tree) if "body" in tree or "json" in tree else tree
    return Decoded(unwrapped, list(pairs), files)


def _urlencoded(body: bytes, charset: str, max_fields: int) -> list[tuple[str, str]]:
    sent = body.strip(b"\r\n&").replace(b"+", b" ")
    if sent.count(b"&") >= max_fields:
        raise TooLarge("too many fields")
    text = sent.decode("latin-1")
    is_plain = text.isascii() and text.isprintable()
    read = _unquoted_plain if is_plain else _unquoted
    pairs = []
    for part in text.split("&"):
        name, separator, value = part.partition("=")
        if name or separator:
            as_sent = is_plain and "%" not in part
            pairs.append((name, value) if as_sent else (read(name, charset), read(value, charset)))
    return pairs


def _unquoted_plain(text: str, charset: str) -> str:
    """Read what is quoted (`%C3%A9`) in ASCII. For e-mail, which quotes with another sign, Python does that in C."""
    if _QUOTED_WRONGLY.search(text):
        return _unquoted(text, charset)
    return decode_text(binascii.a2b_qp(text.replace("=", "=3D").replace("%", "=")), charset)


def _unquoted(text: str, charset: str) -> str:
    return decode_text(unquote_to_bytes(text.encode("latin-1")), charset)


def _lines(body: bytes, charset: str, max_fields: int) -> list[tuple[str, str]]:
    """`enctype="text/plain"`: a line for each field; a line without `=` continues the one before."""
    pairs: list[tuple[str, str]] = []
    for line in decode_text(body, charset).splitlines():
        name, separator, value = line.partition("=")
        if separator:
            pairs.append((name.strip(), value))
        elif pairs:
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]}\n{line}")
        if len(pairs) > max_fields:
            raise TooLarge("too many fields")
    return [(name, value.rstrip()) for name, value in pairs]
