"""How each builder signs: one table of what is signed, with which key, and where the proof stands."""

from collections.abc import Mapping

from leadcapture.domain.frozen import frozen


@frozen
class Scheme:
    """A signature over a post.

    `header`: where it stands; `prefix`: what precedes it (may be absent in what is sent when `prefix_optional`).
    `signed`: a template of {body}, {stamp}, {id}, {method}, {url}, and {php_json}, the body's parts as PHP writes them.
    `stamp_header` or, within the signature's own header, `stamp_part` name the moment of sending, in seconds, or in
    milliseconds when `milliseconds`. `proof_part`: the part of the header that holds the proof ("v1" of "t=..,v1=..").
    `several`: more than one proof, a space between them. `keyed`: False when the secret is simply hashed in front of
    the text. `keys`: how the secret becomes the key; each reading is tried.
    """

    header: str
    signed: str = "{body}"
    encoding: str = "hex"
    prefix: str = ""
    prefix_optional: bool = False
    stamp_header: str = ""
    stamp_part: str = ""
    proof_part: str = ""
    id_header: str = ""
    milliseconds: bool = False
    tolerance_seconds: int = 300
    several: bool = False
    keyed: bool = True
    keys: tuple[str, ...] = ("text",)


SCHEMES: Mapping[str, tuple[Scheme, ...]] = {
    "webflow": (
        Scheme("x-webflow-signature", "{stamp}:{body}", stamp_header="x-webflow-timestamp", milliseconds=True),
    ),
    "typeform": (Scheme("typeform-signature", encoding="base64", prefix="sha256="),),
    "tally": (Scheme("tally-signature", encoding="base64"),),
    "framer": (Scheme("framer-signature", "{body}{id}", prefix="sha256=", id_header="framer-webhook-submission-id"),),
    "duda": (
        Scheme(
            "x-duda-signature",
            "{stamp}.{body}",
            encoding="base64",
            stamp_header="x-duda-signature-timestamp",
            milliseconds=True,
            keys=("text", "base64"),
        ),
    ),
    "meta-lead-ads": (Scheme("x-hub-signature-256", prefix="sha256="),),
    "linkedin-lead-sync": (Scheme("x-li-signature", "hmacsha256={body}", prefix="hmacsha256=", prefix_optional=True),),
    "clickfunnels-2": (
        Scheme(
            "x-webhook-clickfunnels-signature",
            "{stamp}.{body}",
            stamp_header="x-webhook-clickfunnels-timestamp",
            tolerance_seconds=600,
        ),
    ),
    "opnform": (Scheme("x-webhook-signature", prefix="sha256=", prefix_optional=True),),
    "basin": (Scheme("x-basin-signature", prefix="sha256=", prefix_optional=True),),
    "hubspot": (
        Scheme(
            "x-hubspot-signature-v3",
            "{method}{url}{body}{stamp}",
            encoding="base64",
            stamp_header="x-hubspot-request-timestamp",
            milliseconds=True,
        ),
        Scheme("x-hubspot-signature", "{body}", keyed=False),
        Scheme("x-hubspot-signature", "{method}{url}{body}", keyed=False),
    ),
    "formbricks": (
        Scheme(
            "webhook-signature",
            "{id}.{stamp}.{body}",
            encoding="base64",
            prefix="v1,",
            id_header="webhook-id",
            stamp_header="webhook-timestamp",
            several=True,
            keys=("whsec",),
        ),
    ),
    "formspree": (Scheme("formspree-signature", "{stamp}.{body}", stamp_part="t", proof_part="v1"),),
    "formstack": (Scheme("x-fs-signature", prefix="sha256=", prefix_optional=True),),
    "getform-forminit": (
        Scheme("x-forminit-signature", prefix="sha256=", prefix_optional=True),
        Scheme("x-getform-signature", prefix="sha256=", prefix_optional=True),
    ),
    "wpforms": (
        Scheme("x-wpforms-webhook-signature", "{stamp}.{body}", stamp_part="t", proof_part="v"),
        Scheme("x-wpforms-webhook-signature", "{stamp}.{php_json}", stamp_part="t", proof_part="v"),
    ),
}
"""Builder -> its schemes; a call holds when one of them does."""

PLAIN_SCHEMES = tuple(
    Scheme(header, prefix="sha256=", prefix_optional=True)
    for header in ("x-signature", "x-signature-256", "x-hub-signature-256", "x-webhook-signature", "x-hmac-sha256")
)
"""What a builder without a scheme, or somebody's own script, may send: hex HMAC-SHA256 of the body."""

KEY_FIELDS: Mapping[str, tuple[str, ...]] = {
    "google-ads-lead-form": ("google_key",),
    "wufoo": ("HandshakeKey",),
    "formstack": ("HandshakeKey",),
}
"""Builders that write the secret itself into the body, and under which name."""
