"""Tilda: flat names, a test when the address is saved, and cookies that are never kept."""

from typing import Any

from leadcapture.intake.builders.shape import Builder


def is_tilda_test(tree: Any) -> bool:
    """Say whether a body is what Tilda sends when an address is saved: `test=test` and nothing else."""
    return bool(tree == {"test": "test"})


BUILDER = Builder(
    "tilda",
    marks=(("tranid",), ("COOKIES", "formid")),
    headers=("user-agent: tilda",),
    about={
        "submission_id": "tranid",
        "form_id": "formid",
        "form_name": "formname",
        "page_url": "pageurl|page_url|referer",
    },
    aside=("COOKIES", "tranid", "formid", "formname", "pageid", "projectid", "tildaspec-*"),
    is_test=is_tilda_test,
)
