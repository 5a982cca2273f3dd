"""What is said of a builder's body: where its answers are, what tells it apart, and what it says of itself."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from leadcapture.domain.frozen import frozen
from leadcapture.domain.submission import Answer, Found
from leadcapture.intake.answers import answers_in, said_by

Headers = Mapping[str, str]


@dataclass(slots=True)
class Draft:
    """One enquiry as its builder tells it, before the common rules sort and map it. `about`: text fields of
    Reading by name. `contact`: what the builder itself says of the person."""

    answers: list[Answer] = field(default_factory=list)
    about: dict[str, str] = field(default_factory=dict)
    contact: dict[str, Found] = field(default_factory=dict)
    tracking: dict[str, str] = field(default_factory=dict)
    is_test: bool = False
    erase: bool = False
    problem: str | None = None


def never(_tree: Any) -> bool:
    """Say no."""
    return False


@frozen
class Builder:
    """A builder, as a table; `read` is for the bodies that a table cannot describe.

    `marks`: the body is this builder's when all paths of one of these groups are there; `loose_marks`: the same, when
    nothing better fits. `headers`: names of headers that only this builder sends, or "name: beginning of its value".
    `answers`: the path of the answers; the first of several that is there. `about`: field of Reading -> paths, the
    first with a text in it ("a.b|c", joined: "date&time", "header:name"). `aside`: paths that hold nothing of the
    visitor's.
    """

    name: str
    marks: tuple[tuple[str, ...], ...] = ()
    loose_marks: tuple[tuple[str, ...], ...] = ()
    headers: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)
    aside: tuple[str, ...] = ()
    reshape: Callable[[Any], Any] | None = None
    read: Callable[[Any, Headers], list[Draft]] | None = None
    is_test: Callable[[Any], bool] = never
    same_person_again: bool = False

    def drafts(self, tree: Any, headers: Headers) -> list[Draft]:
        """Return each enquiry of a decoded body."""
        if self.read is not None:
            return self.read(tree, headers)
        return [self.draft(tree, headers)]

    def draft(self, tree: Any, headers: Headers) -> Draft:
        """Return the one enquiry of a body by the table alone."""
        if self.reshape is not None:
            tree = self.reshape(tree)
        said: list[Answer] = []
        path = next((path for path in self.answers if find(tree, path) not in (None, "", [], {})), "")
        if path:
            said = answers_in(without(find(tree, path), self.aside, path), path)
        if not said:
            said = answers_in(without(tree, self.aside))
        about = {name: text_at(tree, paths, headers) for name, paths in self.about.items()}
        return Draft(said, {name: text for name, text in about.items() if text}, is_test=self.is_test(tree))


def find(tree: Any, path: str) -> Any:
    """Return what stands at a dotted path, None when nothing does; `*` at the end of a step matches any ending."""
    if isinstance(tree, dict) and path in tree:
        return tree[path]
    step, _, rest = path.partition(".")
    if isinstance(tree, list) and step.isdigit():
        child = tree[int(step)] if int(step) < len(tree) else None
    elif isinstance(tree, dict) and step.endswith("*"):
        child = next((value for key, value in tree.items() if key.startswith(step[:-1])), None)
    else:
        child = tree.get(step) if isinstance(tree, dict) else None
    return find(child, rest) if rest and child is not None else child


def has(tree: Any, paths: Iterable[str]) -> bool:
    """Say whether there is something at every one of the paths, be it empty."""
    return all(_stands(tree, path) for path in paths)


def _stands(tree: Any, path: str) -> bool:
    if find(tree, path) is not None:
        return True
    parent, _, last = path.rpartition(".")
    holder = find(tree, parent) if parent else tree
    return isinstance(holder, dict) and last in holder


def text_at(tree: Any, paths: str, headers: Headers | None = None) -> str:
    """Return the text at the first of several paths that has one (see `Builder.about`)."""
    for path in paths.split("|"):
        if path.startswith("header:"):
            text = (headers or {}).get(path[7:], "")
        else:
            parts = (said_by(find(tree, part)) for part in path.split("&"))
            text = " ".join(part if isinstance(part, str) else ", ".join(part) for part in parts if part).strip()
        if text:
            return text
    return ""


def without(tree: Any, paths: Iterable[str], root: str = "") -> Any:
    """Return a copy of `tree` (which stands at `root`) that lacks what is at the paths."""
    for path in paths:
        if root and path.startswith(f"{root}."):
            path = path[len(root) + 1 :]
        tree = _without(tree, path)
    return tree


def _without(tree: Any, path: str) -> Any:
    step, _, rest = path.partition(".")
    if isinstance(tree, list):
        return [_without(item, path) for item in tree]
    if not isinstance(tree, dict):
        return tree
    if path in tree:
        return {key: value for key, value in tree.items() if key != path}
    if not rest:
        beginning = step[:-1] if step.endswith("*") else None
        return {key: value for key, value in tree.items() if beginning is None or not key.startswith(beginning)}
    return {key: _without(value, rest) if key == step else value for key, value in tree.items()}


def fields_by_id(fields: Any) -> dict[str, dict[str, Any]]:
    """Return a form's fields by id and by reference, those within groups included."""
    found: dict[str, dict[str, Any]] = {}
    for item in fields if isinstance(fields, list) else []:
        if isinstance(item, dict):
            for name in ("id", "ref"):
                if isinstance(item.get(name), str):
                    found.setdefault(item[name], item)
            found.update(fields_by_id(find(item, "properties.fields")))
    return found


def as_list(value: Any) -> list[Any]:
    """Return a list as it is, and any other value as the one item of a list."""
    return value if isinstance(value, list) else [value]
