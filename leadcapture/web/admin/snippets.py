"""What an operator pastes into a website, with this service's own address in it."""

from dataclasses import dataclass
from html import escape
from pathlib import Path

from leadcapture.domain.form import Form
from leadcapture.web.pages import autocomplete

HIDDEN_FIELDS = (Path(__file__).parent / "hidden_fields.js").read_text("utf-8")
NAMES = (
    *("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"),
    *("gclid", "fbclid", "msclkid", "_page_url", "_landing_url", "_referrer"),
)


@dataclass(frozen=True, slots=True)
class Snippet:
    """Something to paste, and when to."""

    title: str
    text: str
    code: str


def script_tag(service: str) -> str:
    """Return the one line that every page of a website should have."""
    return f'<script src="{escape(service)}/embed.js" async></script>'


def snippets(form: Form, service: str) -> tuple[Snippet, ...]:
    """Return every way to put a form on a website."""
    script, name, page = script_tag(service), escape(form.name), f"{escape(service)}/f/{escape(form.name)}"
    link = f'<a href="{page}">{escape(form.title)}</a>'
    return (
        Snippet(
            "Your own form, with attribution",
            "The script finds out where visitors came from and keeps what they typed through an outage.",
            f"{_own_form(form, page)}\n{script}",
        ),
        Snippet(
            "Our form, inside your page",
            "It takes the place of the div; the link is for visitors without JavaScript.",
            f'<div data-leadcapture="{name}">{link}</div>\n{script}',
        ),
        Snippet(
            "Our form, in a frame",
            "For websites whose rules allow frames only.",
            f'<div data-leadcapture="{name}" data-leadcapture-mode="frame">{link}</div>\n{script}',
        ),
        Snippet(
            "Your own form, without any script",
            "It arrives all the same; where the visitor came from is often not known.",
            _own_form(form, page),
        ),
        Snippet(
            "Hidden fields, for builders that post from their server",
            f"Add hidden fields with these names to the builder’s form: {', '.join(NAMES)}. Then paste both.",
            f"{script}\n<script>\n{HIDDEN_FIELDS.rstrip()}\n</script>",
        ),
    )


def _own_form(form: Form, page: str) -> str:
    rows = []
    for field in form.fields:
        hint = f' autocomplete="{found}"' if (found := autocomplete(field)) else ""
        required = " required" if field.required else ""
        name, kind = escape(field.name), escape(field.type.value)
        control = {
            "textarea": f'<textarea name="{name}"{required}></textarea>',
            "select": f'<select name="{name}"{required}>{_options(field.options)}</select>',
        }.get(field.type.value, f'<input name="{name}" type="{kind}"{hint}{required}>')
        rows.append(f"  <label>{escape(field.label)} {control}</label>")
    return "\n".join([f'<form action="{page}" method="post">', *rows, "  <button>Send</button>", "</form>"])


def _options(options: tuple[str, ...]) -> str:
    return "".join(f"<option>{escape(option)}</option>" for option in options)
