"""HubSpot workflows: a contact with its properties and the history of its submissions."""

from typing import Any

from leadcapture.domain.submission import Answer
from leadcapture.intake.answers import answer_of
from leadcapture.intake.builders.shape import Builder, Draft, Headers, find, has, text_at, without

_HUBSPOT_OWN = (
    "hs_*", "lifecyclestage", "createdate", "lastmodifieddate", "hubspot*", "associatedcompanyid", "num_*",
    "recent_*",
    "first_*", "notes_*", "hubspotscore", "currentlyinworkflow", "days_to_close", "closedate",
    "surveymonkeyeventlastupdated",
    "webinareventlastupdated", "total_revenue", "followercount", "ip_*", "twitterhandle", "owneremail", "ownername",
    "lead_guid", "source_id",
)  # fmt: skip


_ONLY_IDS = (
    "HubSpot sent ids only: this notice says that a contact changed, and not whose. Use a workflow that sends the "
    "contact."
)


def _hubspot(tree: Any, headers: Headers) -> list[Draft]:
    notices = tree if isinstance(tree, list) else [tree]
    if any(has(notice, ("subscriptionType", "objectId")) for notice in notices):
        return [_hubspot_notice(notice) for notice in notices]
    inner = find(tree, "object")
    tree = inner if has(inner, ("properties",)) else tree
    properties = find(tree, "properties")
    if not isinstance(properties, dict):
        about = {"submission_id": "conversion_id|submission_id", "page_url": "context.pageUri"}
        return [Builder("hubspot", about=about, reshape=_companys_name).draft(tree, headers)]
    latest = _latest(find(tree, "form-submissions"))
    draft = Draft(_properties(properties))
    paths = {
        "submission_id": "conversion-id",
        "form_id": "form-id",
        "form_name": "title",
        "page_url": "page-url",
        "submitted_at": "timestamp",
    }
    draft.about = {name: text for name, path in paths.items() if (text := text_at(latest, path))}
    return [draft]


def _companys_name(tree: Any) -> Any:
    """A form's post names the object of each field: the name of an object of kind 0-2 is a company's."""
    fields = find(tree, "fields")
    if not isinstance(fields, list):
        return tree
    named = [
        {**item, "name": "company"}
        if (text_at(item, "objectTypeId"), text_at(item, "name")) == ("0-2", "name")
        else item
        for item in fields
    ]
    return {**tree, "fields": named}


def _hubspot_notice(notice: Any) -> Draft:
    about = {"submission_id": text_at(notice, "eventId"), "submitted_at": text_at(notice, "occurredAt")}
    return Draft(about=about, problem=_ONLY_IDS)


def _latest(history: Any) -> Any:
    items = [item for item in history if isinstance(item, dict)] if isinstance(history, list) else []
    return max(items, key=lambda item: (len(text_at(item, "timestamp")), text_at(item, "timestamp")), default={})


def _properties(properties: dict[str, Any]) -> list[Answer]:
    own = {"hs_analytics_source", "ip_city"}
    answers = []
    for name, value in without(properties, _HUBSPOT_OWN).items():
        said = find(value, "value") if isinstance(value, dict) else value
        if name not in own and (answer := answer_of(name, said, f"properties.{name}")):
            answers.append(answer)
    return answers


BUILDER = Builder(
    "hubspot",
    marks=(
        ("vid", "properties"),
        ("portal-id", "properties"),
        ("form-submissions", "properties"),
        ("properties.hs_object_id",),
        ("fields.0.objectTypeId", "context"),
        ("properties.firstname.value",),
        ("objectId", "properties.email"),
        ("object.properties", "origin"),
        ("subscriptionType", "objectId"),
        ("0.subscriptionType", "0.objectId"),
    ),
    headers=("x-hubspot-signature", "x-hubspot-signature-v3", "user-agent: hubspot"),
    read=_hubspot,
    same_person_again=True,
)
