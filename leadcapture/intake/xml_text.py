"""An XML body becomes the same kind of tree as JSON: Unbounce and Zapier can be set to it.

Read by expat alone, with every document type refused: without one there are no entities to expand and nothing
outside to fetch, so defusedxml would add a dependency and forbid no more.
"""

import re
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate

from leadcapture.errors import TooLarge, Unreadable
from leadcapture.intake.plain_text import clean, decode_text

_TYPE = re.compile(r"(application|text)/([\w.-]+\+)?xml")
_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}encoding\s*=")
_MARKS = (b"\xff\xfe", b"\xfe\xff")
_OF_XML = ("xmlns", "xml:", "xsi:")


def is_xml(kind: str) -> bool:
    """Say whether a content type is one of XML; pages and pictures (xhtml, svg) are no forms."""
    return _TYPE.fullmatch(kind) is not None and not kind.endswith(("xhtml+xml", "svg+xml"))


def parse_xml(body: bytes, charset: str, max_fields: int, max_depth: int) -> Any:
    """Read a document: children by name, repeated ones as a list, attributes beside what they describe."""
    encoding = None
    if body[:2] not in _MARKS and not _DECLARED.match(body):
        body, encoding = decode_text(body, charset).strip().encode(), "utf-8"
    builder = _Builder(max_fields, max_depth)
    parser = ParserCreate(encoding)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    try:
        parser.Parse(body, True)
    except (ExpatError, ValueError, LookupError) as error:
        raise Unreadable("the XML is broken") from error
    return builder.root


def _refuse(*_: object) -> None:
    raise Unreadable("the XML declares a document type")


class _Builder:
    """Collects elements as expat meets them."""

    def __init__(self, max_fields: int, max_depth: int) -> None:
        self.root: Any = None
        self._open: list[tuple[dict[str, Any], list[str]]] = []
        self._max_fields = max_fields
        self._max_depth = max_depth
        self._elements = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > self._max_fields:
            raise TooLarge("too many fields")
        if len(self._open) >= self._max_depth:
            raise TooLarge("too many levels")
        own = {_local(key): clean(text) for key, text in attributes.items() if not key.startswith(_OF_XML)}
        self._open.append((own, []))

    def text(self, text: str) -> None:
        self._open[-1][1].append(text)

    def end(self, name: str) -> None:
        members, texts = self._open.pop()
        value = _value(members, clean("".join(texts)).strip())
        if self._open:
            _put(self._open[-1][0], _local(name), value)
        else:
            self.root = value


def _local(name: str) -> str:
    return clean(name.rpartition(":")[2])


def _value(members: dict[str, Any], text: str) -> Any:
    if not members:
        return text
    return {**members, "value": text} if text and "value" not in members else members


def _put(parent: dict[str, Any], name: str, value: Any) -> None:
    if name not in parent:
        parent[name] = value
    elif isinstance(parent[name], list):
        parent[name].append(value)
    else:
        parent[name] = [parent[name], value]
