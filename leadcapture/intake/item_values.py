"""The words of an answer, whatever it was wrapped in: chosen options, pieces of rich text, values under their type."""

from collections.abc import Iterable, Mapping
from typing import Any

from leadcapture.intake.naming import named
from leadcapture.intake.values import is_email

_WORDS = (
    "value", "answer", "plain_text", "simple_text", "text", "label", "title", "name", "content", "answer_text",
    "answertext", "option_value", "display_value", "displayvalue",
)  # fmt: skip
_BESIDE_NAMES = """
    id type position index order color href annotations ref key primary changed_at option_id optionid choice_id choiceid
    row_id rowid col_id colid answerid answer_id other_id tag_data choice_metadata score is_correct
    """
_BESIDE_WORDS = frozenset((*_WORDS, *_BESIDE_NAMES.split()))
_BESIDE_TAGGED = frozenset(("id", "type", "field", "ref", "key", "label", "title", "question", "has_more"))


def lower_names(node: Mapping[str, Any]) -> dict[str, str]:
    """Return an object's names by their lower case."""
    return {name.lower(): name for name in node}


def first_text(node: Mapping[str, Any], lower: Mapping[str, str], names: Iterable[str]) -> str:
    """Return the first of several members that is a text with something in it."""
    for name in names:
        text = node[lower[name]] if name in lower else None
        if isinstance(text, str) and text.strip():
            return text.strip()
    return ""


def tagged(node: Mapping[str, Any]) -> str:
    """`{"type": "email", "email": ..}`: the name of the member that the type names; "" when there is none."""
    kind = node.get("type")
    if not isinstance(kind, str) or kind not in node or kind == "type":
        return ""
    return kind if {name.lower() for name in node if name != kind} <= _BESIDE_TAGGED else ""


def plain_items(value: Any) -> Any:
    """Return choices and pieces of text that came as objects (`[{"id": .., "answer": ..}]`) as their words."""
    if isinstance(value, dict):
        return _words_of(value) or value
    if not isinstance(value, list) or not value or not all(isinstance(item, dict) for item in value):
        return value
    if any(_asks_and_answers(item) for item in value):
        return value
    texts = [_words_of(item) or _few_words(item) for item in value]
    if not all(texts):
        return value
    return "".join(texts) if all("plain_text" in item for item in value) else texts


def _asks_and_answers(item: Mapping[str, Any]) -> bool:
    """Tell `{"name": "Company", "value": "Sample Ltd"}`, from `{"label": "Soho", "value": "s1"}`."""
    lower = lower_names(item)
    asked = first_text(item, lower, ("label", "name", "title", "question", "field"))
    said = first_text(item, lower, ("value", "answer", "response"))
    return bool(asked and said) and (is_email(said) or named(asked) is not None)


def _words_of(item: Mapping[str, Any], depth: int = 0) -> str:
    lower = lower_names(item)
    if not set(lower) <= _BESIDE_WORDS or depth > 3:
        return ""
    for name in ("label", *_WORDS) if {"label", "value"} <= set(lower) else _WORDS:
        inner = item[lower[name]] if name in lower else None
        text = _words_of(inner, depth + 1) if isinstance(inner, dict) else inner
        if isinstance(text, str) and text.strip():
            return text if name == "plain_text" else text.strip()
    return ""


def _few_words(item: Mapping[str, Any]) -> str:
    """A small object without objects in it is the first word that it holds."""
    if len(item) > 4 or any(isinstance(part, dict | list) for part in item.values()):
        return ""
    return first_text(item, lower_names(item), _MORE_WORDS)


_MORE_WORDS = (
    *_WORDS, "field_value", "fieldvalue", "fieldinputvalue", "string_value", "values", "answers", "response",
    "user_value", "input_value", "val", "raw_value", "userdata",
)  # fmt: skip


def chosen(value: Any, options: Any) -> Any:
    """Put the words of the options in the place of their ids."""
    if not isinstance(options, list):
        return value
    texts = {}
    for option in options:
        if isinstance(option, dict):
            ids = {name.lower(): text for name, text in option.items() if isinstance(text, str)}
            text = ids.get("text") or ids.get("label") or ids.get("title") or ids.get("name") or ids.get("value")
            texts.update({ids[name]: text for name in ("id", "value", "key", "ref") if name in ids})
    if isinstance(value, list):
        return [texts.get(item, item) if isinstance(item, str) else item for item in value]
    return texts.get(value, value) if isinstance(value, str) else value
