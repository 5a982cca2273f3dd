"""CRMs and funnels that send a person: HubSpot, Wix, ClickFunnels, Kartra, GoHighLevel and RD Station."""

import re
from dataclasses import replace
from typing import Any

from leadcapture.domain.submission import Answer, Found
from leadcapture.intake.answers import answer_of, answers_in, said_by
from leadcapture.intake.builders.shape import Builder, Draft, Headers, find, has, text_at, without
from leadcapture.intake.vocabulary_types import declared_type

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
        return [Builder("hubspot", about={"submission_id": "conversion_id|submission_id"}).draft(tree, headers)]
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


_WIX_ASIDE = (
    "context", "_context", "contactId", "formId", "formName", "submissionId", "submissionTime", "submissionsLink",
    "formFieldMask", "contact", "metaSiteId", "instanceId", "triggerKey", "revision", "status", "seen",
)  # fmt: skip
_WIX_ABOUT = {
    "submission_id": "submissionId|submission.id|id",
    "form_id": "formId|submission.formId",
    "form_name": "formName|form_name|formTitle",
    "submitted_at": "submissionTime|submission.createdDate|createdDate|submitted_at",
    "page_url": "pageUrl|page_url|submissionPageUrl",
}


def _wix(tree: Any, headers: Headers) -> list[Draft]:
    data = tree
    for wrapper in ("data", "payload"):
        if isinstance(find(data, wrapper), dict):
            data = find(data, wrapper)
    draft = Draft(about={name: text for name, paths in _WIX_ABOUT.items() if (text := text_at(data, paths))})
    _wix_person(find(data, "contact"), draft)
    listed = find(data, "submissions") or find(data, "submission.submissions")
    if listed:
        draft.answers = answers_in(listed, "submissions")
        known = {answer.text.strip() for answer in draft.answers}
    else:
        known = set()
    rest = without(data, (*_WIX_ASIDE, "submissions", "submission"))
    draft.answers += [_wix_named(answer) for answer in answers_in(rest) if answer.text.strip() not in known]
    _wix_unlabelled(draft)
    return [draft]


_WIX_KEY = re.compile(r"field:(?!comp-)([A-Za-z][\w-]*?)(?:_[0-9a-f]{1,5})?")


def _wix_named(answer: Answer) -> Answer:
    """`field:first_name_1a`: the form's own name for it, and a few digits against doubles."""
    match = _WIX_KEY.fullmatch(answer.key)
    return replace(answer, label=match.group(1).replace("_", " ")) if match else answer


def _wix_person(contact: Any, draft: Draft) -> None:
    paths = {
        "first_name": "name.first|firstName|first_name",
        "last_name": "name.last|lastName|last_name",
        "email": "email|primaryEmail|emails.0.email|primaryInfo.email|emails.0",
        "phone": "phone|primaryPhone|phones.0.formattedPhone|phones.0.phone|primaryInfo.phone|phones.0",
        "company": "company|companyName|info.company",
    }
    for name, path in paths.items():
        text = text_at(contact, path)
        if text:
            draft.contact[name] = Found(text, f"contact.{path.split('|')[0]}", "builder")


def _wix_unlabelled(draft: Draft) -> None:
    """`field:comp-…` says nothing of what it is: the longest text that is not the person's own is the message."""
    own = {found.value for found in draft.contact.values()}
    texts = [
        answer
        for answer in draft.answers
        if answer.key.startswith("field:") and answer.text not in own and answer.text.count(" ") >= 2
    ]
    if texts and all(answer.label.startswith("field:") for answer in draft.answers):
        longest = max(texts, key=lambda answer: len(answer.text))
        draft.contact["message"] = Found(longest.text, longest.path, "value")


_CF_ASIDE = (
    "data.id", "data.page_id", "data.funnel_id", "data.public_id", "data.workspace_id", "data.created_at",
    "data.updated_at",
    "event_id", "event_type", "subject_id", "subject_type", "created_at", "api_version", "workspace_id",
    "data.visit_id",
    "data.uuid", "data.anonymous", "data.unsubscribed_at", "data.last_notification_email_sent_at", "data.contact_id",
    "data.data.contact.id", "data.data.contact.public_id", "data.contact.id", "data.contact.public_id", "data.tags",
)  # fmt: skip


def _said_not_applicable(tree: Any) -> Any:
    """Kartra writes "N/A" where nothing was said, and the number apart from its country code."""
    if isinstance(tree, dict):
        tree = {key: _said_not_applicable(value) for key, value in tree.items()}
        code, phone = text_at(tree, "phone_country_code"), text_at(tree, "phone")
        if phone and code and not phone.startswith(("+", "00")):
            prefix = code if code.startswith("+") else f"+{code}"
            tree["phone"] = f"{prefix} {phone}"
            tree.pop("phone_country_code")
        return tree
    if isinstance(tree, list):
        return [_said_not_applicable(item) for item in tree]
    return "" if isinstance(tree, str) and tree.strip().upper() == "N/A" else tree


def _kartra(tree: Any, headers: Headers) -> list[Draft]:
    tree = _said_not_applicable(tree)
    lead = find(tree, "lead") or {}
    fields = find(lead, "custom_fields")
    aside = ("custom_fields", "id", "ip", "lead_picture", "score", "gdpr_*", "source_affiliate*", "tags", "lists")
    answers = answers_in(without(lead, aside), "lead")
    for item in fields if isinstance(fields, list) else []:
        name = text_at(item, "field_identifier|identifier|name|field_name|label")
        label = text_at(item, "field_label|label|field_name|name") or name
        value = find(item, "field_value") if "field_value" in item else find(item, "value")
        values = [text_at(one, "option_value|value|name") for one in value] if _objects(value) else value
        answer = answer_of(
            name, values, f"lead.custom_fields.{name}", label, declared_type(text_at(item, "field_type"))
        )
        answers += [answer] if answer else []
    answers += answers_in(find(tree, "action_details") or {}, "action_details")
    about = {
        "ip": "lead.ip",
        "submitted_at": "lead.date_joined|action_details.created_at|action_details.date",
        "form_name": "action_details.form.name|action_details.optin_name|action_details.form_name",
        "form_id": "action_details.form.id|action_details.optin_id|action_details.form_id",
        "page_url": "action_details.page_url|lead.source_url|lead.referrer_url",
    }
    draft = Builder("kartra", about=about).draft(tree, headers)
    draft.answers = answers
    return [draft]


def _objects(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(one, dict) for one in value)


_GHL_ASIDE = (
    "user", "location", "workflow", "contact", "contact_id", "contact_type", "date_created", "country", "tags",
    "calendar",
    "triggerData", "attributionSource", "lastAttributionSource", "campaign",
)  # fmt: skip
_GHL_TRACKING = {
    "utmSource": "utm_source",
    "utmMedium": "utm_medium",
    "utmCampaign": "utm_campaign",
    "campaign": "utm_campaign",
    "utmTerm": "utm_term",
    "utmKeyword": "utm_term",
    "utmContent": "utm_content",
    "gclid": "gclid",
    "fbclid": "fbclid",
    "msclikid": "msclkid",
    "msclkid": "msclkid",
    "gbraid": "gbraid",
    "wbraid": "wbraid",
}


def _gohighlevel(tree: Any, headers: Headers) -> list[Draft]:
    """The person stands at the top; `user` is the sales person, `location` the agency's client."""
    first = find(tree, "contact.attributionSource") or find(tree, "attributionSource") or {}
    last = find(tree, "contact.lastAttributionSource") or find(tree, "lastAttributionSource") or {}
    source = last if text_at(last, "utmSource|campaign|utmCampaign|gclid|fbclid") else first
    draft = Draft(answers_in(without(tree, _GHL_ASIDE)))
    for name, target in _GHL_TRACKING.items():
        if text := text_at(source, name):
            draft.tracking.setdefault(target, text)
    paths = {"page_url": "url", "referrer": "referrer", "ip": "ip", "user_agent": "userAgent"}
    draft.about = {
        name: text for name, path in paths.items() if (text := text_at(source, path) or text_at(first, path))
    }
    draft.about |= {"submitted_at": text_at(tree, "date_created|dateAdded")} if text_at(tree, "date_created") else {}
    return [draft]


_RD_PHONES = "personal_phone|mobile_phone|phone|telefone|celular"


def _rdstation(tree: Any, headers: Headers) -> list[Draft]:
    leads = find(tree, "leads")
    if isinstance(leads, list):
        return [_rd_lead(lead) for lead in leads if isinstance(lead, dict)]
    contact = find(tree, "contact")
    lead = {**contact, **{key: tree[key] for key in ("event_identifier",) if key in tree}} if contact else tree
    draft = _rd_lead(lead)
    draft.about.setdefault("submitted_at", text_at(tree, "event_timestamp|timestamp"))
    draft.about.setdefault("form_name", text_at(tree, "event_identifier"))
    return [draft]


def _rd_lead(lead: dict[str, Any]) -> Draft:
    newest = find(lead, "last_conversion") or find(lead, "first_conversion") or {}
    aside = ("id", "uuid", "funnel", "legal_bases", "opportunity", "number_conversions", "user", "first_conversion",
             "last_conversion", "lead_stage", "public_url", "created_at", "fit_score", "interest", "tags")  # fmt: skip
    draft = Draft(answers_in(without(lead, aside)))
    content_aside = ("identificador", "email_lead", "nome", "telefone", "empresa", "traffic_source", "traffic_medium",
                     "traffic_campaign", "traffic_value")  # fmt: skip
    draft.answers += answers_in(without(find(newest, "content") or {}, content_aside), "last_conversion.content")
    known = {"company": "company.name|company|content.empresa", "phone": _RD_PHONES, "full_name": "name|nome"}
    for name, path in known.items():
        text = text_at(lead, path) or text_at(find(newest, "content"), path.replace("content.", ""))
        if text:
            draft.contact[name] = Found(text, path.split("|")[0], "builder")
    origin = {"utm_source": "source", "utm_medium": "medium", "utm_campaign": "campaign", "utm_term": "value"}
    draft.tracking = {
        name: text for name, path in origin.items() if (text := text_at(newest, f"conversion_origin.{path}"))
    }
    paths = {
        "submission_id": "content.conversion_id|conversion_id",
        "submitted_at": "created_at",
        "form_name": "content.identificador",
        "page_url": "content.page_url|content.conversion_url|content.url",
    }
    draft.about = {name: text for name, path in paths.items() if (text := text_at(newest, path))}
    return draft


def _is_person(tree: Any) -> bool:
    return has(tree, ("contact_id",)) and isinstance(said_by(find(tree, "contact_id")), str)


PEOPLE = (
    Builder(
        "hubspot",
        marks=(
            ("vid", "properties"),
            ("portal-id", "properties"),
            ("form-submissions", "properties"),
            ("properties.hs_object_id",),
            ("properties.firstname.value",),
            ("objectId", "properties.email"),
            ("object.properties", "origin"),
            ("subscriptionType", "objectId"),
            ("0.subscriptionType", "0.objectId"),
        ),
        headers=("x-hubspot-signature", "x-hubspot-signature-v3", "user-agent: hubspot"),
        read=_hubspot,
        same_person_again=True,
    ),
    Builder(
        "wix",
        marks=(
            ("data.contact", "data.submissionId"),
            ("data.formName", "data.submissionTime"),
            ("formName", "submissions"),
            ("data.submissions", "data.formName"),
            ("data.submissions", "data.formId"),
            ("data._context",),
            ("data.field:*",),
            ("field:*",),
            ("submissionTime", "formName"),
        ),
        headers=("user-agent: wix",),
        read=_wix,
    ),
    Builder(
        "clickfunnels-2",
        marks=(("event_type", "subject_type", "data"), ("subject_id", "workspace_id")),
        headers=("x-webhook-clickfunnels-signature", "user-agent: clickfunnels"),
        about={
            "submission_id": "data.id|event_id",
            "submitted_at": "data.created_at|created_at",
            "page_url": "data.page_url|data.url",
            "form_name": "data.page_name|data.form_name",
        },
        aside=_CF_ASIDE,
        same_person_again=True,
    ),
    Builder("kartra", marks=(("lead", "action"), ("lead", "action_details")), read=_kartra, same_person_again=True),
    Builder(
        "gohighlevel",
        marks=(("contact_id", "location"), ("contact.attributionSource",), ("contact_id", "workflow")),
        headers=("x-ghl-signature", "user-agent: leadconnector", "x-wh-signature"),
        read=_gohighlevel,
        same_person_again=True,
    ),
    Builder(
        "rd-station",
        marks=(("leads.0.last_conversion",), ("leads.0.uuid",), ("event_type", "entity_type", "contact")),
        read=_rdstation,
        same_person_again=True,
    ),
)
