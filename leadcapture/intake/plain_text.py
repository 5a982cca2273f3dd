"""Bytes of unknown encoding become clean text."""

import re

_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufeff\ufffe\uffff]")


def clean(text: str) -> str:
    """Remove what no person types and no database likes: NUL, control characters, halves of characters."""
    if text.isascii() and text.isprintable():
        return text
    return _UNWANTED.sub("", text)


def decode_text(raw: bytes, charset: str = "") -> str:
    """Decode UTF-8 if it is that, else the declared charset, else Windows' Latin: this never fails."""
    try:
        return clean(raw.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    try:
        return clean(raw.decode(charset or "cp1252"))
    except (UnicodeDecodeError, LookupError, ValueError):
        return clean(raw.decode("latin-1"))
