"""What an operator pastes into a website, with this service's own address in it."""

from html import escape
from pathlib import Path

from leadcapture.domain.form import Field, FieldType, Form
from leadcapture.domain.frozen import frozen
from leadcapture.web.pages import autocomplete

HIDDEN_FIELDS = (Path(__file__).parent / "hidden_fields.js").read_text("utf-8")
NAMES = (
    *("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"),
    *("gclid", "fbclid", "msclkid", "_page_url", "_landing_url", "_referrer"),
)


@frozen
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
    rows = [row for field in form.fields for row in _rows(field)]
    if form.consent:
        agreed = '<input name="consent" type="checkbox" value="yes" required>'
        rows.append(f"  <label>{agreed} {escape(form.consent)}</label>")
    button = f"  <button>{escape(form.submit_label or 'Send')}</button>"
    return "\n".join([f'<form action="{page}" method="post">', *rows, button, "</form>"])


def _rows(field: Field) -> list[str]:
    """Return a field as a website's own form asks it: as our page does, without its looks."""
    name, label, kind = escape(field.name), escape(field.label), field.type
    required = " required" if field.required else ""
    if kind is FieldType.HIDDEN:
        return [f'  <input name="{name}" type="hidden" value="{escape(field.default)}">']
    if kind in (FieldType.RADIO, FieldType.CHECKBOX) and field.options:
        needed = required if kind is FieldType.RADIO else ""
        boxes = [
            f'    <label><input name="{name}" type="{kind}" value="{escape(one)}"{needed}> {escape(one)}</label>'
            for one in field.options
        ]
        return ["  <fieldset>", f"    <legend>{label}</legend>", *boxes, "  </fieldset>"]
    if kind is FieldType.CHECKBOX:
        return [f'  <label><input name="{name}" type="checkbox" value="yes"{required}> {label}</label>']
    if kind is FieldType.TEXTAREA:
        return [f'  <label>{label} <textarea name="{name}"{required}></textarea></label>']
    if kind is FieldType.SELECT:
        options = "".join(f"<option>{escape(one)}</option>" for one in field.options)
        first = '<option value="">Please choose</option>'
        return [f'  <label>{label} <select name="{name}"{required}>{first}{options}</select></label>']
    return [f'  <label>{label} <input name="{name}" type="{kind}"{_limits(field)}{required}></label>']


def _limits(field: Field) -> str:
    said = {"autocomplete": autocomplete(field), "min": field.minimum, "max": field.maximum}
    if field.type is FieldType.NUMBER:
        said["step"] = "any"
    return "".join(f' {name}="{escape(value)}"' for name, value in said.items() if value)
