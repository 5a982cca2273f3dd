"""What the public endpoints answer, as OpenAPI's response objects."""

from typing import Any

from leadcapture.domain.lead import LeadState

JSON_TYPE = "application/json"
HTML_TYPE = "text/html"
TEXT_TYPE = "text/plain"
MOMENT = {"type": "string", "format": "date-time"}


def answer(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Return a JSON answer."""
    return {"description": description, "content": {JSON_TYPE: {"schema": schema}}}


def html(description: str, also_json: bool = False) -> dict[str, Any]:
    """Return a page, or where the client prefers it the same in JSON."""
    content: dict[str, Any] = {HTML_TYPE: {"schema": {"type": "string"}}}
    return {"description": description, "content": content | ({JSON_TYPE: {"schema": FAULT}} if also_json else {})}


FAULT = {
    "type": "object",
    "required": ["ok", "error"],
    "properties": {
        "ok": {"const": False},
        "error": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {name: {"type": "string"} for name in ("field", "code", "message")},
            },
        },
    },
}
STORED = {
    "type": "object",
    "required": ["ok", "id", "next"],
    "properties": {"ok": {"const": True}, "id": {"type": "string"}, "next": {"type": "string"}},
}
LEAD = {
    "type": "object",
    "required": ["id", "state", "received_at", "delivered_at"],
    "properties": {
        "id": {"type": "string"},
        "state": {"enum": [state.value for state in LeadState]},
        "received_at": MOMENT,
        "delivered_at": {"anyOf": [MOMENT, {"type": "null"}]},
    },
}
HEALTH = {"type": "object", "required": ["ok"], "properties": {"ok": {"const": True}}}
NUMBER = {"type": ["number", "null"]}
READY = {
    "type": "object",
    "required": ["store", "oldest_due_seconds", "due", "blocked", "held", "last_delivered_at", "token_expires_at"],
    "properties": {
        "store": {"type": "string"},
        "last_delivered_at": {"type": ["string", "null"]},
        "token_expires_at": {"type": ["string", "null"]},
        **dict.fromkeys(("oldest_due_seconds", "due", "waiting", "blocked", "held"), NUMBER),
    },
}
EMBED = {
    "summary": "The one script for any website",
    "responses": {
        "200": {"description": "The script.", "content": {"text/javascript": {"schema": {"type": "string"}}}},
        "304": {"description": "It has not changed."},
    },
}
BROWSER_ANSWERS = {
    "200": answer("Stored on disk; the same submission again gets the same id.", STORED),
    "303": {"description": "Stored; to `_next`, `success_url` or the thank-you page."},
    "400": html("Not a form that we can read.", also_json=True),
    "403": html("Not from this website.", also_json=True),
    "413": html("Too many bytes, fields or levels.", also_json=True),
    "415": html("A content type that carries no form.", also_json=True),
    "422": html("Answers that break the form's rules, or none at all.", also_json=True),
    "429": html("Too many at once: Retry-After says when.", also_json=True),
    "503": html("Nothing was stored: send it again after Retry-After.", also_json=True),
}
HOOK_ANSWERS = {
    "200": answer(
        "Kept, whatever it holds.",
        {
            "type": "object",
            "required": ["ok", "id"],
            "properties": {"ok": {"const": True}, "id": {"type": "string"}},
        },
    ),
    "400": answer("The body broke off.", FAULT),
    "401": answer("Unsigned, wrongly signed, or too old.", FAULT),
    "403": answer("A wrong key.", FAULT),
    "413": answer("Too large.", FAULT),
    "429": answer("Too many at once.", FAULT),
    "503": answer("Not stored: send it again.", FAULT),
}
_REFUSED = {JSON_TYPE: {"schema": FAULT}, TEXT_TYPE: {"schema": {"type": "string"}}}
HANDSHAKE_ANSWERS = {
    "200": {
        "description": "The address is ours: Meta's challenge as it came, LinkedIn's with its signature, else `ok`.",
        "content": {JSON_TYPE: {"schema": {"type": "object"}}, TEXT_TYPE: {"schema": {"type": "string"}}},
    },
    "403": {"description": "A wrong key or token, or nothing to sign a challenge with.", "content": _REFUSED},
}
