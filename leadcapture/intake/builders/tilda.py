"""Tilda: flat names, a test when the address is saved, and cookies that are never kept."""

from typing import Any

from leadcapture.intake.builders.shape import Builder, text_at


def _is_tilda_test(tree: Any) -> bool:
    return text_at(tree, "test") == "test"


BUILDER = Builder(
    "tilda",
    marks=(("tranid",), ("COOKIES", "formid"), ("test",)),
    headers=("user-agent: tilda",),
    about={
        "submission_id": "tranid",
        "form_id": "formid",
        "form_name": "formname",
        "page_url": "pageurl|page_url|referer",
    },
    aside=("COOKIES", "tranid", "formid", "formname", "test", "pageid", "projectid", "tildaspec-*"),
    is_test=_is_tilda_test,
)
