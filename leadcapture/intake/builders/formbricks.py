"""Formbricks: answers by field id; an event for each step, of which the last counts."""

from typing import Any

from leadcapture.intake.builders.shape import Builder, text_at


def _unfinished(tree: Any) -> bool:
    event = text_at(tree, "event")
    return bool(event) and event != "responseFinished"


BUILDER = Builder(
    "formbricks",
    marks=(("event", "data.surveyId"), ("webhookId", "data.data")),
    answers=("data.data",),
    about={
        "submission_id": "data.id",
        "form_id": "data.surveyId",
        "form_name": "data.survey.title|data.survey.name",
        "submitted_at": "data.createdAt",
        "page_url": "data.meta.url",
        "language": "data.language",
        "ip": "data.meta.ipAddress",
    },
    aside=("data.ttc", "data.survey", "data.meta", "webhookId", "event", "data.tags"),
    is_test=_unfinished,
)
