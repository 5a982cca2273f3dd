"""Elementor Pro: labels as keys with metadata at the end, or brackets with types."""

import re
from typing import Any

from leadcapture.intake.answers import answer_of, answers_in, said_by
from leadcapture.intake.builders.generic import read_generic
from leadcapture.intake.builders.shape import Builder, Draft, Headers, find, text_at, without
from leadcapture.intake.vocabulary_about import is_ip
from leadcapture.intake.vocabulary_types import declared_type

_ELEMENTOR_META = {
    "page_url": "meta.page_url.value",
    "ip": "meta.remote_ip.value",
    "user_agent": "meta.user_agent.value",
    "submitted_at": "meta.date.value&meta.time.value",
    "form_id": "form.id",
    "form_name": "form.name",
}


def _elementor(tree: Any, headers: Headers) -> list[Draft]:
    """Without metadata nothing tells Elementor from others that send labels, `form_id` and `form_name`."""
    if isinstance(find(tree, "fields"), dict | list) and not isinstance(find(tree, "fields"), str):
        return [_elementor_advanced(tree)]
    simple = _elementor_simple(tree)
    return [simple] if set(simple.about) - {"form_id", "form_name"} else read_generic(tree, headers)


def _elementor_advanced(tree: Any) -> Draft:
    fields = find(tree, "fields")
    answers = []
    for key, item in fields.items() if isinstance(fields, dict) else enumerate(fields):
        if not isinstance(item, dict):
            answers.extend(answers_in(item, f"fields.{key}", str(key)))
            continue
        name = text_at(item, "id") or str(key)
        label = text_at(item, "title") or name
        value = item.get("value") if said_by(item.get("value")) else item.get("raw_value")
        answer = answer_of(name, value, f"fields.{key}", label, declared_type(text_at(item, "type")))
        if answer is not None:
            answers.append(answer)
    answers.extend(answers_in(without(tree, ("fields", "form", "meta"))))
    about = {name: text_at(tree, paths) for name, paths in _ELEMENTOR_META.items()}
    return Draft(answers, {name: text for name, text in about.items() if text})


def _elementor_simple(tree: dict[str, Any]) -> Draft:
    """The keys of the metadata are in the site's language: tell them by their values, which end the post."""
    about = {"form_id": text_at(tree, "form_id"), "form_name": text_at(tree, "form_name")}
    items = [(key, value) for key, value in tree.items() if key not in ("form_id", "form_name")]
    while items and (found := _meta_of(items, about)):
        about.update(found)
        items.pop()
    return Draft(answers_in(dict(items)), {name: text for name, text in about.items() if text})


def _meta_of(items: list[tuple[str, Any]], about: dict[str, str]) -> dict[str, str]:
    """Return what the last item says of the post, {} when it is an answer. They come in a fixed order:
    date, time, page, browser, address, and the credit."""
    key, value = items[-1]
    text = said_by(value)
    if not isinstance(text, str):
        return {}
    lower = key.lower()
    if text == "Elementor":
        return {"credit": ""}
    if "ip" not in about and is_ip(text):
        return {"ip": text}
    if "user_agent" not in about and (text.startswith("Mozilla/") or lower == "user agent"):
        return {"user_agent": text}
    page_may_follow = not {"page_url", "submitted_at"} & set(about)
    if page_may_follow and text.startswith(("http://", "https://")) and ("ip" in about or lower == "page url"):
        return {"page_url": text}
    return _elementor_moment(lower, text, about)


def _elementor_moment(lower: str, text: str, about: dict[str, str]) -> dict[str, str]:
    if "time" not in about and (lower == "time" or ("page_url" in about and re.search(r"\d{1,2}[:.]\d{2}", text))):
        return {"time": text, "submitted_at": text}
    if "date" not in about and (lower == "date" or ("time" in about and any(mark.isdigit() for mark in text))):
        return {"date": text, "submitted_at": f"{text} {about.get('time', '')}".strip()}
    return {}


BUILDER = Builder(
    "elementor-pro",
    marks=(
        ("form.id", "fields.*.raw_value"),
        ("fields.*.raw_value", "fields.*.required"),
        ("form_id", "form_name", "Powered by"),
        ("fields", "meta.credit"),
    ),
    loose_marks=(("form_id", "form_name"),),
    read=_elementor,
)
