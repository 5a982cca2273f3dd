"""JSON as it is really sent: numbers kept as written, doubled keys kept, depth counted before it can hurt."""

import json
import re
from typing import Any, NoReturn

from leadcapture.errors import TooLarge, Unreadable
from leadcapture.intake.plain_text import clean, decode_text

_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[{]|[\]}]', re.DOTALL)
_LEAVES_PER_FIELD = 10
"""A record may repeat itself (versions, option lists): its values in all may be this many times its limit."""


def parse_json(text: str, max_fields: int, max_depth: int) -> Any:
    """Read one JSON text; numbers come as the text that they were written in."""
    check_depth(text, max_depth)
    try:
        tree = json.loads(
            text,
            parse_int=str,
            parse_float=str,
            parse_constant=_refuse_constant,
            object_pairs_hook=_object,
            strict=False,
        )
    except (ValueError, RecursionError) as error:
        raise Unreadable("the JSON is broken") from error
    return _cleaned(tree, max_fields)


def parse_json_bytes(body: bytes, charset: str, max_fields: int, max_depth: int) -> Any:
    """Read a JSON body in whichever Unicode encoding it came."""
    encoding = json.detect_encoding(body)
    if not encoding.startswith("utf-8"):
        charset = encoding
        body = body.decode(encoding, errors="replace").encode()
    return parse_json(decode_text(body, charset).strip(), max_fields, max_depth)


def check_depth(text: str, max_depth: int) -> None:
    """Refuse a text that nests deeper than `max_depth`, without descending into it."""
    if text.count("[") + text.count("{") <= max_depth:
        return
    depth = 0
    for match in _BRACKETS.finditer(text):
        mark = match.group()
        if mark in ("[", "{"):
            depth += 1
            if depth > max_depth:
                raise TooLarge("too many levels")
        elif mark in ("]", "}"):
            depth -= 1


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    doubled: set[str] = set()
    for key, value in pairs:
        if key not in found:
            found[key] = value
        elif key in doubled:
            found[key].append(value)
        else:
            doubled.add(key)
            found[key] = [found[key], value]
    return found


def _cleaned(tree: Any, max_fields: int) -> Any:
    """Clean every text of a parsed tree in place, and count."""
    holder = [tree]
    waiting: list[Any] = [holder]
    leaves = 0
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            items: Any = list(node.items())
            if any(clean(key) is not key for key in node):
                node.clear()
                items = [(clean(key), value) for key, value in items]
        else:
            items = enumerate(node)
        if len(node) > max_fields:
            raise TooLarge("too many fields")
        leaves += len(node)
        for key, value in items:
            node[key] = clean(value) if isinstance(value, str) else value
            if isinstance(value, dict | list):
                waiting.append(value)
    if leaves > max_fields * _LEAVES_PER_FIELD:
        raise TooLarge("too many fields")
    return holder[0]


def refuse_more_leaves(tree: Any, max_fields: int) -> None:
    """Refuse a form whose parts, each within its limit, hold too much in all."""
    waiting, leaves = [tree], 0
    while waiting:
        node = waiting.pop()
        leaves += len(node)
        waiting += [value for value in (node.values() if isinstance(node, dict) else node) if _is_node(value)]
    if leaves > max_fields * _LEAVES_PER_FIELD:
        raise TooLarge("too many fields")


def _is_node(value: Any) -> bool:
    return isinstance(value, dict | list)
