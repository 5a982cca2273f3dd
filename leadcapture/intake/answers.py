"""Any tree becomes the list of what the visitor said.

Shapes, in the words of builders.md: flat names, flat labels, arrays per value, lists of {label, value, type} under any
key, brackets (already a tree), ids with a label beside them, and nested person objects.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from leadcapture.domain.submission import Answer
from leadcapture.intake.item_values import chosen, first_text, lower_names, plain_items, tagged
from leadcapture.intake.naming import named
from leadcapture.intake.values import is_email
from leadcapture.intake.vocabulary_types import declared_type
from leadcapture.intake.wording import squeezed

_LABELS = (
    "label", "title", "question", "field_label", "fieldlabel", "fieldtitle", "field_title", "column_name",
    "displayname",
    "display_name", "field_name", "fieldname", "caption", "prompt", "question_text", "questiontext", "name", "field",
    "question_title", "text", "q", "variable", "attribute", "heading", "display_text", "displaytext", "questionlabel",
    "question_label",
)  # fmt: skip
_KEYS = (
    "custom_key", "key", "name", "field_key", "column_id", "api_name", "slug", "ref", "id", "field_id", "fieldid",
    "field_name", "fieldname", "questionid", "question_id", "identifier", "field",
)  # fmt: skip
_VALUES = (
    "value", "answer", "field_value", "fieldvalue", "fieldinputvalue", "string_value", "values", "answers", "response",
    "user_value", "answer_text", "answertext", "input_value", "val", "raw_value", "userdata", "answervalues",
    "answer_values", "responses", "selected", "selectedoptions", "selected_options",
)  # fmt: skip
_TYPES = (
    "type", "field_type", "fieldtype", "inputtype", "input_type", "kind", "questiontype", "question_type",
    "element_type",
)  # fmt: skip
_ITEM_LIMIT = 16
"""An object with more members than this is no item of a list of answers."""

_SUB_FIELD_NAMES = """
    first last middle prefix suffix first_name last_name middle_name firstname lastname full fullname street street1
    street2 address address_line_1 address_line_2 addr_line1 addr_line2 city state zip zipcode zip_code postal postcode
    country county line1 line2 year month day hour minute min ampm hourselect minuteselect area phone number code
    """
_SUB_FIELDS = frozenset(_SUB_FIELD_NAMES.split())
_MARKS = re.compile(r"[\W_]+")
_PHONE_PARTS = (
    "countrycode",
    "country",
    "area",
    "areacode",
    "phone",
    "number",
    "phonenumber",
    "ext",
    "full",
    "extension",
)


def answers_in(tree: Any, path: str = "", key: str = "") -> list[Answer]:
    """Return every answer of a tree, in order, each once."""
    return list(_walk(tree, path, key, key))


def answer_of(key: str, value: Any, path: str | None = None, label: str | None = None, kind: str = "") -> Answer | None:
    """Return one answer for a plain value or a list of them; None when nothing was said."""
    said = said_by(value)
    if not said:
        return None
    return Answer(path or key, key, label or key, said, kind)


def said_by(value: Any) -> str | tuple[str, ...]:
    """Return a plain value as text, several as a tuple; "" when it says nothing."""
    if isinstance(value, str):
        return value if value.strip() else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        texts = tuple(text for item in value if isinstance(text := said_by(item), str) and text)
        return texts[0] if len(texts) == 1 else texts
    return "" if value is None or isinstance(value, dict) else str(value)


def unrepeated(answers: Iterable[Answer]) -> list[Answer]:
    """Drop what a body says twice (the same words under the same name), keeping the first."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for answer in answers:
        mark = (_MARKS.sub("", answer.label.casefold()) or answer.path, answer.text.strip())
        if mark not in seen:
            seen.add(mark)
            kept.append(answer)
    return kept


def _walk(node: Any, path: str, key: str, label: str) -> Iterator[Answer]:
    if isinstance(node, dict):
        yield from _walk_dict(node, path, key, label)
    elif _is_pairs(node):
        for index, (name, value) in enumerate(node):
            yield from _walk(value, f"{path}.{index}" if path else str(index), name, name)
    elif isinstance(node, list) and any(isinstance(item, dict | list) for item in node):
        for index, item in enumerate(node):
            yield from _walk(item, f"{path}.{index}" if path else str(index), key, label)
    else:
        answer = answer_of(key or path, node, path, label or key)
        if answer is not None:
            yield answer


def _is_pairs(node: Any) -> bool:
    """`[["Name", "Alex"], ["Email", "a@.."]]`"""
    if not isinstance(node, list) or len(node) < 2:
        return False
    pairs = [item for item in node if isinstance(item, list) and len(item) == 2 and isinstance(item[0], str)]
    return len(pairs) == len(node) and len({item[0] for item in pairs}) == len(node)


def _walk_dict(node: dict[str, Any], path: str, key: str, label: str) -> Iterator[Answer]:
    lower = {name.lower(): name for name in node}
    value_name = next((lower[name] for name in _VALUES if name in lower), None)
    if value_name is None and set(lower) >= {"q", "a"}:
        value_name = lower["a"]
    if value_name is not None and _is_item(node, lower, key, path) and not _says_more(node, value_name):
        yield from _walk_item(node, lower, value_name, path, key, label)
        return
    alone = _alone(node, lower) if key else ""
    if alone:
        yield from _walk(node[alone], path, key, label)
        return
    member = tagged(node)
    if member:
        yield from _walk_item(node, lower, member, path, key, label)
        return
    phone = _split_phone(node, key)
    if phone:
        yield Answer(path, key, label or key, phone, "tel")
        return
    yield from _walk_members(node, path, key, label, {"first", "last"} <= set(lower))


def _alone(node: dict[str, Any], lower: Mapping[str, str]) -> str:
    """Return the member that is all there is: `{"text": ..}`, or the one language of `{"en-GB": ..}`."""
    if "text" in lower and set(lower) <= _BESIDE_TEXT:
        return lower["text"]
    only = next(iter(node), "")
    return only if len(node) == 1 and _LANGUAGE.fullmatch(only) else ""


def _walk_members(node: dict[str, Any], path: str, key: str, label: str, both_halves: bool) -> Iterator[Answer]:
    for name, value in node.items():
        if both_halves and name.lower() in ("firstandlast", "full", "full_name", "fullname"):
            continue
        part = bool(key) and name.lower() in _SUB_FIELDS and squeezed(key) not in _WRAPPERS
        child_label = f"{label} {name}" if part else name
        child_path = f"{path}.{name}" if path else name
        half = f"{name.lower()}_name"
        if both_halves and part and half in _HALVES and isinstance(value, str) and value.strip():
            yield Answer(child_path, f"{key}.{name}", child_label, value, half)
            continue
        yield from _walk(
            value, child_path, f"{key}.{name}" if part and name.lower() in _AMBIGUOUS else name, child_label
        )


_WRAPPER_NAMES = """
    data fields names properties sender lead contact customer payload entry record person user item merges body
    submission values answers form formdata attributes visitor client respondent profile contactdata leaddata formfields
    formsubmission response responses details contactprofile rawrequest userdata customdata
    """
_WRAPPERS = frozenset(_WRAPPER_NAMES.split())
"""Objects that hold a whole enquiry: a part of them is an answer by its own name."""
_LANGUAGE = re.compile(r"(?:en|de|fr|es|it|nl|pt|pl)|[a-z]{2}[_-][A-Z]{2}")
_BESIDE_TEXT = frozenset(("text", "html", "changed_at", "format"))
_HALVES = frozenset(("first_name", "last_name"))
"""Two members that are called just "first" and "last" are a person's name, whatever their object is called."""
_AMBIGUOUS = frozenset(("first", "last", "middle", "prefix", "suffix", "full"))


def _is_item(node: Mapping[str, Any], lower: Mapping[str, str], key: str, path: str) -> bool:
    """Say whether an object is one answer: a value with a name beside it, or a value and what describes it."""
    if len(node) > _ITEM_LIMIT:
        return False
    named = any(isinstance(node[lower[name]], str) for name in (*_LABELS, *_KEYS) if name in lower)
    named = named or bool(_asked(dict(node), lower))
    if named or (bool(key) and all(name in _BESIDE_VALUE for name in lower)):
        return True
    return bool(_other_text(node, path))


def _other_text(node: Mapping[str, Any], path: str) -> str:
    """In a list of pairs, what stands beside the value is what was asked, whatever it is called."""
    if len(node) != 2 or not path.rpartition(".")[2].isdigit():
        return ""
    other = next((text for name, text in node.items() if name.lower() not in _VALUES), None)
    return other.strip() if isinstance(other, str) else ""


def _says_more(node: Mapping[str, Any], value_name: str) -> bool:
    """Say whether an object holds answers beside its `value`: then it is no item, and none of it may be dropped."""
    for name, other in node.items():
        if name != value_name and name.lower() not in _DESCRIBES:
            if isinstance(other, dict | list) and isinstance(node[value_name], dict):
                return True
            if isinstance(other, str) and (is_email(other) or _is_asked_of_people(name)):
                return True
    return False


def _is_asked_of_people(name: str) -> bool:
    field = named(name)
    return field is not None and field.exact and field.field != "other"


_DESCRIBES = frozenset((*_LABELS, *_KEYS, *_TYPES, *_VALUES, "options", "rows", "columns", "description", "help_text"))
_BESIDE_VALUE = frozenset(
    (*_VALUES, *_TYPES, "versions", "unix", "label", "required", "options", "timestamp", "source", "unit")
)


def _walk_item(
    node: dict[str, Any], lower: dict[str, str], value_name: str, path: str, key: str, label: str
) -> Iterator[Answer]:
    asked = _asked(node, lower)
    beside = _other_text(node, path)
    label = first_text(node, lower, _LABELS) or first_text(asked, lower_names(asked), _LABELS) or beside or label
    own_key = first_text(node, lower, _KEYS) or first_text(asked, lower_names(asked), _KEYS) or beside or key or label
    kind = declared_type(first_text(node, lower, _TYPES) or first_text(asked, lower_names(asked), _TYPES))
    value = chosen(node[value_name], node[lower["options"]]) if "options" in lower else node[value_name]
    if value in (None, "", []) and "raw_value" in lower:
        value = node[lower["raw_value"]]
    value = plain_items(value)
    if _is_nested(value):
        yield from _walk(value, path, own_key, label or own_key)
        return
    answer = answer_of(own_key, value, path, label or own_key, kind)
    if answer is not None:
        yield answer


def _asked(node: dict[str, Any], lower: Mapping[str, str]) -> dict[str, Any]:
    """The question within an answer: `{"field": {"id": .., "title": ..}, "value": ..}`."""
    inner = (node[lower[name]] for name in ("field", "question", "definition") if name in lower)
    return next((one for one in inner if isinstance(one, dict)), {})


def _is_nested(value: Any) -> bool:
    if isinstance(value, dict):
        return True
    return isinstance(value, list) and any(isinstance(item, dict | list) for item in value)


def _split_phone(node: dict[str, Any], key: str) -> str:
    """`{area, phone}` and the like are one number."""
    parts = {squeezed(name): text for name, text in node.items() if isinstance(text, str) and text.strip()}
    if not key or not parts or not set(map(squeezed, node)) <= set(_PHONE_PARTS):
        return ""
    if "full" in parts:
        return parts["full"] if any(mark.isdigit() for mark in parts["full"]) else ""
    if not {"phone", "number", "phonenumber"} & set(parts):
        return ""
    return " ".join(parts[name] for name in _PHONE_PARTS if name in parts)
