"""Wufoo: `Field3`, with the labels in a JSON text beside it."""

from typing import Any

from leadcapture.intake.answers import answer_of
from leadcapture.intake.builders.shape import Builder, Draft, Headers, as_list, find, text_at
from leadcapture.intake.vocabulary_types import declared_type


def _wufoo(tree: Any, headers: Headers) -> list[Draft]:
    about = {
        "submission_id": "EntryId",
        "form_id": "FormStructure.Hash",
        "form_name": "FormStructure.Name",
        "submitted_at": "DateCreated",
        "ip": "IP",
    }
    draft = Builder("wufoo", about=about).draft(tree, headers)
    labels = _wufoo_labels(find(tree, "FieldStructure.Fields"))
    listed = find(tree, "Fields")
    values = {text_at(item, "ID"): find(item, "Value") for item in listed} if isinstance(listed, list) else {}
    values.update({key: value for key, value in tree.items() if key.startswith("Field") and key[5:6].isdigit()})
    draft.answers = []
    for key, value in values.items():
        label, kind = labels.get(key, (key, ""))
        answer = answer_of(key, value, key, label, kind)
        draft.answers += [answer] if answer else []
    return [draft]


def _wufoo_labels(fields: Any) -> dict[str, tuple[str, str]]:
    labels: dict[str, tuple[str, str]] = {}
    for item in fields if isinstance(fields, list) else []:
        title, kind = text_at(item, "Title"), declared_type(text_at(item, "Type"))
        labels[text_at(item, "ID")] = (title, kind)
        for part in as_list(find(item, "SubFields") or []):
            kind = "" if kind == "name" else kind
            labels[text_at(part, "ID")] = (f"{title} {text_at(part, 'Label')}".strip(), kind)
    return labels


BUILDER = Builder(
    "wufoo",
    marks=(("FieldStructure",), ("EntryId", "HandshakeKey"), ("FormStructure",)),
    headers=("user-agent: wufoo",),
    read=_wufoo,
)
