"""A multipart body becomes its text parts and the names of its files."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from leadcapture.domain.submission import FilePart
from leadcapture.errors import TooLarge, Unreadable
from leadcapture.intake.plain_text import clean, decode_text

_EXTENDED = re.compile(rb"filename\*\s*=\s*([^;]{1,1000})", re.IGNORECASE)


class _Parts:
    """Collects parts as the parser meets them; the contents of files are counted and let go."""

    def __init__(self, charset: str, max_fields: int) -> None:
        self.pairs: list[tuple[str, str]] = []
        self.files: list[FilePart] = []
        self.ended = False
        self._charset = charset
        self._max_fields = max_fields
        self._headers: dict[bytes, bytes] = {}
        self._header_name = b""
        self._header_value = b""
        self._chunks: list[bytes] = []
        self._size = 0
        self._filename: bytes | None = None
        self._name = b""

    def callbacks(self) -> dict[str, Callable[..., Any]]:
        """Return the parser's table of callbacks."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_field,
            "on_header_value": self._header_data,
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_finished,
            "on_part_data": self._data,
            "on_part_end": self._end_part,
            "on_end": self._end,
        }

    def _begin(self) -> None:
        self._headers = {}
        self._chunks = []
        self._size = 0

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]

    def _header_data(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def _header_end(self) -> None:
        self._headers[self._header_name.lower()] = self._header_value
        self._header_name = self._header_value = b""

    def _headers_finished(self) -> None:
        disposition = self._headers.get(b"content-disposition", b"")
        _, options = parse_options_header(disposition)
        self._name = options.get(b"name", b"")
        self._filename = options.get(b"filename", _extended_name(disposition))

    def _data(self, data: bytes, start: int, end: int) -> None:
        self._size += end - start
        if self._filename is None:
            self._chunks.append(data[start:end])

    def _end_part(self) -> None:
        if len(self.pairs) + len(self.files) >= self._max_fields:
            raise TooLarge("too many fields")
        name = decode_text(self._name, self._charset)
        if self._filename is None:
            self.pairs.append((name, decode_text(b"".join(self._chunks), self._charset)))
        elif self._filename or self._size:
            self.files.append(FilePart(name, decode_text(self._filename, self._charset), self._size))

    def _end(self) -> None:
        self.ended = True


def _extended_name(disposition: bytes) -> bytes | None:
    """Return a file's name as RFC 5987 writes it (UTF-8''na%C3%AFve.txt), which the parser leaves out."""
    found = _EXTENDED.search(disposition)
    return unquote_to_bytes(found[1].strip(b' "').rpartition(b"'")[2]) if found else None


def parse_multipart(
    body: bytes, boundary: str, charset: str, max_fields: int
) -> tuple[list[tuple[str, str]], list[FilePart]]:
    """Read a multipart body; one that is broken or breaks off is refused, since something of it is missing."""
    parts = _Parts(charset, max_fields)
    try:
        parser = MultipartParser(clean(boundary).encode(), parts.callbacks())  # type: ignore[arg-type]
        parser.write(body.lstrip(b"\r\n"))
        parser.finalize()
    except (FormParserError, UnicodeError, ValueError, AssertionError) as error:
        raise Unreadable("the multipart body is broken") from error
    if not parts.ended:
        raise Unreadable("the multipart body breaks off")
    return parts.pairs, parts.files
