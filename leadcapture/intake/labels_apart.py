"""Labels that stand apart from what they name: `{"fields": [{"id": "a1", "label": "Email"}], "values": {"a1": ..}}`."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from leadcapture.domain.submission import Answer
from leadcapture.intake.answers import said_by
from leadcapture.intake.values import is_email
from leadcapture.intake.vocabulary_types import declared_type
from leadcapture.intake.wording import squeezed

_IDS = ("id", "key", "ref", "field_id", "fieldid", "uuid", "name", "slug", "variable", "api_id", "question_id")
_LABELS = ("label", "title", "question", "name", "caption", "text")
_TYPES = ("type", "field_type", "kind")
_VALUE_NAMES = "value values answer answers response fieldvalue fieldinputvalue stringvalue uservalue userdata a"
_VALUES = frozenset(_VALUE_NAMES.split())
_LABEL_MAP_NAMES = "labels fieldlabels questions fieldnames questionlabels fieldtitles titles columns"
_LABEL_MAPS = frozenset(_LABEL_MAP_NAMES.split())
_DEEPEST = 12


class _Asked(NamedTuple):
    label: str
    kind: str
    place: str


def with_labels(answers: Iterable[Answer], tree: Any) -> list[Answer]:
    """Give answers the labels that stand elsewhere in the body, and drop those labels from the answers."""
    answers = list(answers)
    keys = {answer.key for answer in answers}
    asked: dict[str, _Asked] = {}
    for key, found in _asked_in(tree, ""):
        if key in keys:
            asked.setdefault(key, found)
    if not asked:
        return answers
    places = {found.place for found in asked.values()}
    left = [answer for answer in answers if places.isdisjoint(_places_of(answer.path))]
    return [_labelled(answer, asked) for answer in left]


def _places_of(path: str) -> Iterator[str]:
    """Yield a path and every place that it lies in."""
    while path:
        yield path
        path = path.rpartition(".")[0]


def _labelled(answer: Answer, asked: Mapping[str, _Asked]) -> Answer:
    found = asked.get(answer.key)
    if found is None or answer.label not in ("", answer.key):
        return answer
    return replace(answer, label=found.label, type=answer.type or found.kind)


def _asked_in(node: Any, path: str, depth: int = 0) -> Iterator[tuple[str, _Asked]]:
    if depth > _DEEPEST:
        return
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, value in items:
        place = f"{path}.{name}" if path else str(name)
        if isinstance(value, dict):
            if squeezed(str(name)) in _LABEL_MAPS:
                yield from _from_map(value, place)
            yield from _from_item(value, place, str(name) if isinstance(node, dict) else "")
        if isinstance(value, dict | list):
            yield from _asked_in(value, place, depth + 1)


def _from_map(labels: Mapping[str, Any], place: str) -> Iterator[tuple[str, _Asked]]:
    for key, label in labels.items():
        if isinstance(label, str) and label.strip():
            yield key, _Asked(label, "", place)


def _from_item(item: Mapping[str, Any], place: str, own_name: str) -> Iterator[tuple[str, _Asked]]:
    lower = {name.lower(): text for name, text in item.items()}
    if _VALUES & {squeezed(name) for name in item} or set(lower) == {"text"}:
        return
    label = next((said for name in _LABELS if isinstance(said := said_by(lower.get(name)), str) and said), "")
    kind = next((said for name in _TYPES if isinstance(said := said_by(lower.get(name)), str) and said), "")
    ids = {said for name in _IDS if isinstance(said := said_by(lower.get(name)), str) and said and said != label}
    for key in ids | ({own_name} if label and own_name else set()):
        if label and not is_email(label):
            yield key, _Asked(label, declared_type(kind), place)
