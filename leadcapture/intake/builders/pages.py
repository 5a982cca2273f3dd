"""Page builders, form back-ends and hosted forms: mostly tables."""

import re
from typing import Any

from leadcapture.intake.builders.shape import Builder, find, has, text_at
from leadcapture.intake.vocabulary_controls import tracking_name

_JOTFORM_NOISE = (
    "slug", "uploadServerUrl", "eventObserver", "jsExecutionTracker", "submitSource", "submitDate",
    "buildDate", "event_id",
    "timeToSubmit", "validatedNewRequiredFieldIDs", "path", "JWTContainer", "visitedPages", "temp_upload",
    "file_server",
    "target_env", "embedUrl", "preview", "simple_spc", "website", "anum", "dnt", "uploadedFiles", "input_language",
    "isUniqueSubmission", "draftID", "mobileApp", "appID", "captcha",
)  # fmt: skip
_JOTFORM_ABOUT = {
    "submission_id": "submissionID|submission_id",
    "form_id": "formID|form_id",
    "form_name": "formTitle|form_title",
    "ip": "ip",
    "submitted_at": "rawRequest.submitDate|created_at",
    "page_url": "rawRequest.embedUrl|rawRequest.referer",
}
_JOTFORM_OUTER = (
    "action", "webhookURL", "username", "type", "customParams", "product", "customTitle", "event",
    "documentID", "teamID",
    "subject", "isSilent", "customBody", "fromTable", "appID", "pretty", "unread", "parent", "formID", "formTitle",
    "submissionID", "ip",
)  # fmt: skip

_JOTFORM_KEY = re.compile(r"q\d+_\w+")


def _labelled_by_pretty(tree: Any) -> Any:
    """The keys are the first words of the labels; `pretty` has them whole, but only its values part it safely."""
    raw, pretty = find(tree, "rawRequest"), text_at(tree, "pretty")
    if not isinstance(raw, dict) or not pretty:
        return tree
    labelled = {key: _with_label(key, value, pretty) for key, value in raw.items()}
    return {**tree, "rawRequest": labelled}


def _with_label(key: str, value: Any, pretty: str) -> Any:
    if not _JOTFORM_KEY.fullmatch(key) or not isinstance(value, str) or len(value) < 2 or tracking_name(key):
        return value
    found = re.findall(rf"(?:^|, )([^:]{{1,200}}):{re.escape(' '.join(value.split()))}(?=, |$)", pretty)
    return {"key": key, "label": found[0].rpartition(", ")[2] or key, "value": value} if len(found) == 1 else value


_SUB_FIELD = re.compile(r"\s*([A-Za-z][\w .-]{0,40}?) = (.*)")


def _lines_apart(tree: Any) -> Any:
    """Formstack: `first = John\\nlast = Smith` within one value is an object."""
    if isinstance(tree, dict):
        return {key: _lines_apart(value) for key, value in tree.items()}
    if not isinstance(tree, str) or " = " not in tree:
        return tree
    parts: dict[str, str] = {}
    for line in tree.strip().splitlines():
        match = _SUB_FIELD.fullmatch(line)
        if match is None:
            return tree
        parts[match.group(1)] = match.group(2)
    return parts


def _one_of_four(tree: Any) -> Any:
    """Netlify says each answer up to four times: keep the ordered list, then what it lacks."""
    ordered = find(tree, "ordered_human_fields")
    data = find(tree, "data")
    if not isinstance(ordered, list) or not ordered:
        said: Any = data or find(tree, "human_fields")
    else:
        names = {text_at(item, "name") for item in ordered}
        rest = {key: value for key, value in data.items() if key not in names} if isinstance(data, dict) else {}
        said = {"ordered": ordered, "rest": rest}
    guesses = {
        name: find(tree, name) for name in ("first_name", "last_name", "company", "name", "email") if find(tree, name)
    }
    return {**tree, "said": {"fields": said, "guesses": guesses}} if isinstance(tree, dict) else tree


def _one_of_two(tree: Any) -> Any:
    """OpnForm says each answer by id with its name and type, and again by label."""
    data = find(tree, "data")
    if isinstance(data, dict) and any(isinstance(value, dict) and "value" in value for value in data.values()):
        return {**tree, "said": data}
    return tree


def _unfinished(tree: Any) -> bool:
    event = text_at(tree, "event")
    return bool(event) and event != "responseFinished"


def _is_tilda_test(tree: Any) -> bool:
    return text_at(tree, "test") == "test"


def _is_forminit_test(tree: Any) -> bool:
    return text_at(tree, "event|type").lower() in ("test", "webhook.test", "ping") or find(tree, "test") is True


def _is_partial(tree: Any) -> bool:
    return "partial" in text_at(tree, "trigger")


def _is_page_builder_lead(tree: Any) -> Any:
    """Unbounce: the lead is in `data.json`; `data.xml` says the same again and is never read."""
    inner = tree.get("data.json") if isinstance(tree, dict) else None
    return inner if isinstance(inner, dict) else tree


_UNBOUNCE_ABOUT = {
    "page_url": "page_url",
    "ip": "ip_address",
    "submitted_at": "date_submitted&time_submitted",
    "form_id": "page_id|page_uuid",
}

PAGES = (
    Builder(
        "unbounce",
        marks=(("data.json",), ("page_uuid", "variant"), ("page_id", "page_name", "variant")),
        about=_UNBOUNCE_ABOUT,
        aside=("data.xml", "page_uuid", "page_id", "variant", "date_submitted", "time_submitted"),
        reshape=_is_page_builder_lead,
    ),
    Builder(
        "webflow",
        marks=(("triggerType", "payload.data"), ("name", "site", "data", "_id"), ("payload.formElementId",)),
        headers=("x-webflow-signature", "x-webflow-timestamp", "user-agent: webflow"),
        answers=("payload.data", "data"),
        about={
            "submission_id": "payload.id|_id",
            "form_id": "payload.formId|formId",
            "form_name": "payload.name|name",
            "submitted_at": "payload.submittedAt|d",
        },
        aside=("payload", "triggerType", "name", "site", "_id", "d"),
    ),
    Builder(
        "framer",
        headers=("framer-signature", "framer-webhook-submission-id", "user-agent: framer"),
        about={"submission_id": "header:framer-webhook-submission-id"},
    ),
    Builder(
        "duda",
        marks=(("data.fieldsData",), ("event_type", "resource_data.site_name")),
        headers=("x-duda-signature",),
        answers=("data.fieldsData",),
        about={"submitted_at": "event_timestamp", "page_url": "data.page_url|data.pageUrl", "ip": "data.ip"},
        aside=("data.recipients", "data.emailSubject", "data.emailSender", "resource_data", "event_type", "source"),
        reshape=lambda tree: _duda(tree),
    ),
    Builder(
        "jotform",
        marks=(("rawRequest",), ("formID", "submissionID"), ("webhookURL", "formTitle")),
        headers=("user-agent: jotform",),
        answers=("rawRequest",),
        about=_JOTFORM_ABOUT,
        aside=(*_JOTFORM_OUTER, *(f"rawRequest.{name}" for name in _JOTFORM_NOISE)),
        reshape=_labelled_by_pretty,
    ),
    Builder("carrd", headers=("user-agent: carrd",)),
    Builder("squarespace", marks=(("Form Name", "Submitted On"),)),
    Builder("instapage", marks=(("Page Name", "Variation"),)),
    *(Builder(name) for name in ("swipepages", "convertflow", "landingi", "leadpages", "zapier", "make", "n8n")),
)


def _duda(tree: Any) -> Any:
    """A pseudo-field names the form; the others are `field_label`, `field_value`, `field_type`."""
    fields = find(tree, "data.fieldsData")
    if not isinstance(fields, list):
        return tree
    name = next((text_at(item, "field_value") for item in fields if text_at(item, "field_type") == "form_title"), "")
    kept: list[Any] = [item for item in fields if text_at(item, "field_type") != "form_title"]
    beside = {
        key: value for key, value in tree["data"].items() if key.lower().startswith(("utm_", "gclid", "form_name"))
    }
    kept.append({**beside, "form_name": name})
    return {**tree, "data": {**tree["data"], "fieldsData": kept}}


BACK_ENDS = (
    Builder(
        "netlify",
        marks=(("ordered_human_fields",), ("human_fields",), ("form-name",)),
        answers=("said",),
        about={
            "submission_id": "id",
            "form_id": "form_id",
            "form_name": "form_name|form-name",
            "submitted_at": "created_at",
            "ip": "data.ip",
            "user_agent": "data.user_agent",
            "page_url": "data.page_url|data.referrer",
        },
        aside=(
            "said.fields.rest.ip",
            "said.fields.rest.user_agent",
            "said.fields.rest.referrer",
            "said.fields.ip",
            "said.fields.user_agent",
            "said.fields.referrer",
            "form-name",
        ),
        reshape=lambda tree: _one_of_four(tree) if has(tree, ("data", "form_name")) else tree,
    ),
    Builder(
        "basin",
        headers=("x-basin-signature", "user-agent: basin"),
        marks=(("attachments", "id", "email"), ("id", "form_id", "spam")),
        answers=("data",),
        about={
            "submission_id": "id|data.id",
            "form_name": "form_name|data.form_name",
            "form_id": "form_id|data.form_id",
            "submitted_at": "created_at|data.created_at",
            "page_url": "referrer|data.referrer|page_url",
            "ip": "ip|data.ip",
            "user_agent": "user_agent|data.user_agent",
        },
        aside=("id", "data.id", "spam", "data.spam", "form_id", "data.form_id", "webhook_url"),
    ),
    Builder(
        "getform-forminit",
        marks=(("data.sender",), ("submission_info",), ("sender", "submission_info"), ("submission.sender",)),
        headers=("x-forminit-signature", "x-getform-signature", "user-agent: forminit", "user-agent: getform"),
        about={
            "submission_id": "id|submission.id|data.id|submissionId",
            "form_id": "form_id|formId|form.id|data.form_id",
            "form_name": "form_name|formName|form.name",
            "submitted_at": "created_at|createdAt|submission_info.created_at|data.created_at|submissionDate",
            "page_url": "submission_info.referer|data.submission_info.referer|submission_info.page_url",
            "ip": "submission_info.ip|data.submission_info.ip|submission_info.location.ip",
            "user_agent": "submission_info.user_agent|data.submission_info.user_agent",
        },
        aside=(
            "id",
            "form_id",
            "form",
            "event",
            "type",
            "submission_info",
            "data.submission_info",
            "data.id",
            "created_at",
        ),
        is_test=_is_forminit_test,
    ),
    Builder("web3forms", marks=(("access_key",),)),
    Builder("formsubmit", marks=(("_honey",), ("_captcha",), ("_template",), ("_autoresponse",))),
    Builder(
        "formspree",
        headers=("formspree-signature", "user-agent: formspree"),
        marks=(("_replyto",), ("_gotcha",), ("_next",), ("submission._date",)),
        about={
            "submission_id": "submission.id|submission._id",
            "form_id": "form|submission._form",
            "submitted_at": "submission._date|_date",
        },
        answers=("submission",),
        aside=("submission._date", "submission._id", "submission._status", "submission._form", "keys"),
    ),
)

HOSTED = (
    Builder(
        "cognito-forms",
        marks=(("Form.InternalName",), ("Form.Id", "Entry"), ("Entry.DateSubmitted",)),
        headers=("user-agent: cognito",),
        about={
            "form_id": "Form.Id|Form.InternalName",
            "form_name": "Form.Name",
            "submission_id": "Id|Entry.Number",
            "submitted_at": "Entry.DateSubmitted|Entry.DateCreated",
            "ip": "Entry.Origin.IpAddress",
            "page_url": "Entry.Origin.Url|Entry.Origin.PageUrl",
            "user_agent": "Entry.Origin.UserAgent",
        },
        aside=("Form", "Entry", "Id", "Order", "$version", "$etag", "Entry_*", "Code"),
    ),
    Builder(
        "paperform",
        marks=(("data", "submission_id", "device"), ("slug", "submission_id", "data")),
        answers=("data",),
        about={
            "submission_id": "submission_id",
            "form_id": "form_id",
            "submitted_at": "created_at",
            "ip": "ip_address|device.ip_address",
            "page_url": "device.url",
            "user_agent": "device.user_agent",
        },
        reshape=lambda tree: _paperform(tree),
        is_test=_is_partial,
    ),
    Builder(
        "formstack",
        marks=(("FormID", "UniqueID"),),
        headers=("x-fs-signature",),
        about={"submission_id": "UniqueID", "form_id": "FormID", "form_name": "FormName"},
        aside=("FormID", "UniqueID", "HandshakeKey"),
        reshape=_lines_apart,
    ),
    Builder(
        "123formbuilder",
        marks=(("fields", "submission_id"), ("data.content.submission_id",), ("submission_id", "form_id", "refid")),
        about={
            "submission_id": "submission_id|xml_id|id|data.submission_id",
            "form_id": "form_id|data.form_id",
            "form_name": "form_name|form_title",
            "ip": "ip|ip_address|data.ip",
            "submitted_at": "date|submission_date|created_at|data.date",
            "page_url": "referer|referrer|page_url",
        },
        answers=("fields", "content", "data.content", "data.fields"),
        aside=("submission_id", "form_id", "refid", "language"),
    ),
    Builder(
        "opnform",
        marks=(("form_slug",), ("form_title", "submission"), ("submission_id", "edit_link")),
        answers=("said", "submission", "data"),
        about={
            "submission_id": "submission_id",
            "form_id": "form_slug|form_id",
            "form_name": "form_title|form_name",
            "page_url": "meta.attribution.page_url|meta.attribution.url|meta.url|meta.page_url",
            "referrer": "meta.attribution.referrer|meta.referrer",
            "ip": "meta.ip|ip",
            "submitted_at": "created_at|submitted_at|meta.submitted_at",
        },
        reshape=_one_of_two,
    ),
    Builder(
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
    ),
    Builder(
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
    ),
)


def _paperform(tree: Any) -> Any:
    """The device carries the attribution; its other members are no answers."""
    device = find(tree, "device")
    if not isinstance(find(tree, "data"), list) or not isinstance(device, dict):
        return tree
    return {**tree, "data": [*tree["data"], {key: value for key, value in device.items() if key.startswith("utm_")}]}
