"""Formstack: labels as keys; sub-fields as an object, or as lines within one value."""

import re
from typing import Any

from leadcapture.intake.builders.shape import Builder

_SUB_FIELD = re.compile(r"\s*([A-Za-z][\w .-]{0,40}?) = (.*)")


def _lines_apart(tree: Any) -> Any:
    """Formstack: `first = John\\nlast = Smith` within one value is an object."""
    if isinstance(tree, dict):
        return {key: _lines_apart(value) for key, value in tree.items()}
    if not isinstance(tree, str) or " = " not in tree:
        return tree
    parts: dict[str, str] = {}
    for line in tree.strip().splitlines():
        match = _SUB_FIELD.fullmatch(line)
        if match is None:
            return tree
        parts[match.group(1)] = match.group(2)
    return parts


BUILDER = Builder(
    "formstack",
    marks=(("FormID", "UniqueID"),),
    headers=("x-fs-signature",),
    about={"submission_id": "UniqueID", "form_id": "FormID", "form_name": "FormName"},
    aside=("FormID", "UniqueID", "HandshakeKey"),
    reshape=_lines_apart,
)
