"""WPForms: names that an administrator chose; several choices joined with `||`."""

from typing import Any

from leadcapture.intake.builders.shape import Builder


def _with_lists(tree: Any) -> Any:
    """WPForms joins several choices with `||`."""
    if isinstance(tree, dict):
        return {key: _with_lists(value) for key, value in tree.items()}
    if isinstance(tree, str) and "||" in tree:
        return [part.strip() for part in tree.split("||") if part.strip()]
    return tree


BUILDER = Builder(
    "wpforms",
    headers=("x-wpforms-webhook-id", "x-wpforms-webhook-signature", "user-agent: wpforms"),
    about={"submission_id": "entry_id|submission_id"},
    aside=("entry_id",),
    reshape=_with_lists,
)
