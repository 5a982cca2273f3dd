"""A builder's draft is sifted: attribution, what the body says of itself and secrets apart from the answers."""

from collections.abc import Iterator
from typing import Any

from leadcapture.domain.submission import Answer, says_no
from leadcapture.intake.answers import said_by, unrepeated
from leadcapture.intake.builders.shape import Draft
from leadcapture.intake.vocabulary_about import about_field, stays
from leadcapture.intake.vocabulary_controls import CONTROLS, WITH_ACCESS_KEY, is_dropped, tracking_name
from leadcapture.intake.vocabulary_secrets import is_secret
from leadcapture.intake.wording import squeezed

_UTM_HOLDERS = frozenset(("utm", "utms", "utmparams", "utmparameters", "utmdata", "utmtags", "utminfo", "utmvalues"))
_UTM_PARTS = {part: f"utm_{part}" for part in ("source", "medium", "campaign", "term", "content", "id")}


def sift(draft: Draft, tree: Any) -> dict[str, str]:
    """Leave only the visitor's own words in `draft.answers`; returns the controls that were among them."""
    plain_names = WITH_ACCESS_KEY if isinstance(tree, dict) and "access_key" in tree else {}
    controls: dict[str, str] = {}
    kept: list[Answer] = []
    for answer in draft.answers:
        last = _last(answer.key)
        tracked = _tracked(answer)
        control = CONTROLS.get(answer.key.lower(), plain_names.get(answer.key))
        if tracked:
            draft.tracking.setdefault(tracked, answer.text.strip())
        elif control is not None and control != "consent":
            if control != "honeypot" or not says_no(answer.value):
                controls.setdefault(control, answer.text)
        elif not (is_dropped(answer.key) or any(is_secret(name, answer.value) for name in {last, _last(answer.path)})):
            _keep_or_tell(answer, draft, kept)
    for name, value in _tracking_in(tree):
        draft.tracking.setdefault(name, value)
    draft.answers = unrepeated(kept)
    return controls


def _last(path: str) -> str:
    return path.rpartition(".")[2] or path


def _keep_or_tell(answer: Answer, draft: Draft, kept: list[Answer]) -> None:
    field = about_field(answer)
    if field is None or (field in draft.about and draft.about[field] != answer.text.strip()):
        kept.append(answer)
        return
    draft.about.setdefault(field, answer.text.strip())
    if stays(answer):
        kept.append(answer)


def _tracked(answer: Answer) -> str | None:
    parts = answer.path.split(".")
    return tracking_name(answer.key) or tracking_name(answer.label) or _by_parent(parts)


def _by_parent(parts: list[str]) -> str | None:
    """`utm: {source: ..}`; a first touch never stands for the last one."""
    if len(parts) < 2 or squeezed(parts[-2]) not in _UTM_HOLDERS:
        return None
    return _UTM_PARTS.get(parts[-1].lower().strip())


def _tracking_in(tree: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Find attribution anywhere in a body: builders keep it with their own data as often as with the answers."""
    items = tree.items() if isinstance(tree, dict) else ()
    if isinstance(tree, list):
        for item in tree:
            yield from _tracking_in(item, path)
    for key, value in items:
        if isinstance(value, dict | list) and not key.lower().startswith(("first", "initial", "original")):
            yield from _tracking_in(value, (*path, key))
        name = tracking_name(key) or _by_parent([*path, key])
        text = said_by(value)
        if name and isinstance(text, str) and text.strip():
            yield name, text.strip()


def without_secrets(tree: Any) -> Any:
    """Return a copy of a decoded body without what must never be stored."""
    if isinstance(tree, dict):
        return {
            key: without_secrets(value)
            for key, value in tree.items()
            if not is_secret(key, value) or (isinstance(value, dict) and key.lower() != "cookies")
        }
    if isinstance(tree, list):
        return [without_secrets(item) for item in tree]
    return tree
