"""Each form with its preview, what to paste into a website, and where builders post to."""

from flask import Blueprint, render_template, request

from leadcapture.domain.form import Form
from leadcapture.domain.frozen import frozen
from leadcapture.web.admin.snippets import Snippet, snippets
from leadcapture.web.services import services

blueprint = Blueprint("forms", __name__)


@frozen
class Shown:
    """A form as the page shows it; `hooks` are (builder, address, whether it is open)."""

    form: Form
    snippets: tuple[Snippet, ...]
    hooks: tuple[tuple[str, str, bool], ...]
    warnings: tuple[str, ...]


@blueprint.get("/forms")
def show() -> str:
    """Every form of forms.toml."""
    service = request.url_root.rstrip("/")
    catalogue = services().catalogue
    shown = [
        Shown(
            form,
            snippets(form, service),
            tuple(_hook(form, builder, service) for builder in form.hooks),
            tuple(warning for warning in catalogue.warnings if f"forms.{form.name}." in warning),
        )
        for form in catalogue.forms.values()
    ]
    return render_template("admin/forms.html", forms=shown, here="forms")


def _hook(form: Form, builder: str, service: str) -> tuple[str, str, bool]:
    return builder, f"{service}/hooks/{form.name}/{builder}?key=…", bool(form.hooks[builder].key)
