"""Flat form keys become the tree that they were made from: PHP brackets, and JSON inside a form's part."""

import json
import re
from collections.abc import Iterable
from typing import Any

from leadcapture.errors import SubmissionRejected, TooLarge
from leadcapture.intake.json_text import parse_json

_BRACKETED = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])+)")
_LOOKS_LIKE_JSON = re.compile(r"\s*(\{\s*[\"}].*\}|\[\s*[\[{\"\]].*\])\s*", re.DOTALL)


def nest(pairs: Iterable[tuple[str, str]], max_fields: int, max_depth: int, inner_json: bool = True) -> dict[str, Any]:
    """Return the tree that `pairs` describe; a repeated key becomes a list."""
    tree: dict[str, Any] = {}
    for key, text in pairs:
        value = _parsed(text, max_fields, max_depth) if inner_json else text
        match = _BRACKETED.fullmatch(key) if "[" in key else None
        if match is None:
            _put(tree, key, value)
            continue
        steps = match.group(2)[1:-1].split("][")
        if len(steps) >= max_depth:
            raise TooLarge("too many levels")
        _put_nested(tree, match.group(1), steps, value)
    return {key: _listed(value) for key, value in tree.items()}


def _parsed(text: str, max_fields: int, max_depth: int) -> Any:
    if text[:1] not in ("{", "[") or _LOOKS_LIKE_JSON.fullmatch(text) is None:
        return text
    try:
        return parse_json(text, max_fields, max_depth)
    except SubmissionRejected:
        return text


class _Repeated(list[Any]):
    """Values of one key that was sent more than once."""


def _put(tree: dict[str, Any], key: str, value: Any) -> None:
    if key not in tree:
        tree[key] = value
    elif isinstance(tree[key], _Repeated):
        tree[key].append(value)
    elif isinstance(tree[key], dict) and isinstance(value, str):
        _put(tree[key], "", value)
    else:
        tree[key] = _Repeated([tree[key], value])


def _put_nested(tree: dict[str, Any], key: str, steps: list[str], value: Any) -> None:
    node = tree
    for step in steps:
        child = node.get(key)
        if not isinstance(child, dict):
            child = node[key] = {} if child is None else {"": child}
        node, key = child, step or _next_index(child, step)
    _put(node, key, value)


def _next_index(node: dict[str, Any], step: str) -> str:
    """`a[]=1&a[]=2`: each empty step is a place of its own."""
    return str(len(node)) if step == "" else step


def _listed(value: Any) -> Any:
    """A dict whose keys count from 0 is a list (`a[0]`, `a[1]`)."""
    if isinstance(value, _Repeated):
        return [_listed(item) for item in value]
    if not isinstance(value, dict):
        return value
    children = {key: _listed(child) for key, child in value.items()}
    if children and list(children) == [str(index) for index in range(len(children))]:
        return list(children.values())
    return children


def unwrap(tree: Any) -> Any:
    """Take off the wrappers of automation tools: `[..]`, `{"body": ..}`, n8n's whole item, JSON in JSON."""
    for _ in range(4):
        inner = _unwrapped_once(tree)
        if inner is tree:
            return tree
        tree = inner
    return tree


_ENVELOPE = {"body", "headers", "params", "query", "webhookurl", "executionmode", "json", "pairedItem", "binary"} | {
    "method", "path", "url", "httpmethod", "requestcontext", "isbase64encoded", "querystringparameters",
    "multivaluequerystringparameters", "multivalueheaders", "pathparameters", "resource", "rawpath", "version",
    "cookies", "rawquerystring", "routekey", "stagevariables", "paireditem",
}  # fmt: skip


def _unwrapped_once(tree: Any) -> Any:
    if isinstance(tree, list) and len(tree) == 1 and isinstance(tree[0], dict | list | str):
        return tree[0]
    if isinstance(tree, str) and tree.lstrip()[:1] in ("{", "["):
        return _parsed(tree, 1000, 32)
    if isinstance(tree, dict) and ("body" in tree or "json" in tree):
        inner = _parsed(tree["body"], 1000, 32) if isinstance(tree.get("body"), str) else tree.get("body")
        inner = tree.get("json") if inner is None else inner
        if isinstance(inner, dict | list) and all(key.lower() in _ENVELOPE for key in tree):
            return inner
    return tree


def opened(tree: Any, max_fields: int, max_depth: int) -> Any:
    """JSON that came as a text within an object is what it says (`rawRequest`, `data.json`, whole bodies handed on)."""
    if not isinstance(tree, dict):
        return tree
    texts = {key: text for key, text in tree.items() if isinstance(text, str) and text.lstrip()[:1] in ("{", "[")}
    return (
        {**tree, **{key: _parsed(text.strip(), max_fields, max_depth) for key, text in texts.items()}}
        if texts
        else tree
    )


def flat_text(value: Any) -> str:
    """Return a control's value as the text that it was, whether it came as text or as JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False)
