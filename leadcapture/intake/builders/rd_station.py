"""RD Station: a batch of leads, or one contact and its event."""

from typing import Any

from leadcapture.domain.submission import Found
from leadcapture.intake.answers import answers_in
from leadcapture.intake.builders.shape import Builder, Draft, Headers, find, text_at, without

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


BUILDER = Builder(
    "rd-station",
    marks=(("leads.0.last_conversion",), ("leads.0.uuid",), ("event_type", "entity_type", "contact")),
    read=_rdstation,
    same_person_again=True,
)
