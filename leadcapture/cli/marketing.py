"""Commands for whoever pays for the ads: which pages lose attribution, and what another rule would have said."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import click
from flask.cli import with_appcontext

from leadcapture import foundation
from leadcapture.cli.context import catalogue, config, store
from leadcapture.cli.terminal import visible
from leadcapture.domain.lead import Lead
from leadcapture.domain.lead_source import lead_source_of
from leadcapture.domain.opportunity import LeadSource
from leadcapture.domain.reports import is_hosted
from leadcapture.store.leads import Query
from leadcapture.web.admin.snippets import script_tag
from leadcapture.web.admin.words import method_name

UNKNOWN_SERVICE = "https://YOUR-SERVICE"
LINKS = "Forms on their own pages without attribution. Put ?utm_source=… on the links to them:"
SCRIPT = "Pages without attribution. Paste this line into each, before </body>:"
NO_SCRIPT = "Builders and unknown pages without attribution. No script of ours can help these; hidden fields may:"


def _leads(days: int, form: str | None) -> Iterator[Lead]:
    since = foundation.clock() - timedelta(days=days)
    return store().leads.every(Query(form=form, since=since))


@click.command("attribution")
@click.option("--days", type=click.IntRange(1, 3650), default=30, show_default=True)
@click.option("--form", help="Leads of one form.")
@with_appcontext
def attribution(days: int, form: str | None) -> None:
    """List how attribution was found, and the pages whose leads come without any."""
    methods: Counter[str] = Counter()
    bare: dict[str, Counter[str]] = {LINKS: Counter(), SCRIPT: Counter(), NO_SCRIPT: Counter()}
    service = f"https://{config().allowed_hosts[0].lstrip('.')}" if config().allowed_hosts else UNKNOWN_SERVICE
    for lead in _leads(days, form):
        found = lead.content.attribution
        page = found.page_url.partition("?")[0]
        hosted = is_hosted(page, catalogue().forms)
        if hosted and service == UNKNOWN_SERVICE:
            service = page.rpartition("/f/")[0]
        methods[found.method] += 1
        if found.method == "none":
            kind = NO_SCRIPT if lead.content.builder or not page else LINKS if hosted else SCRIPT
            bare[kind][page or f"form {lead.form} {lead.content.builder}".strip()] += 1
    total = sum(methods.values())
    if not total:
        click.echo("No leads in this time.")
        return
    click.echo(f"{total} leads of the last {days} days; attribution found by:")
    for method, number in methods.most_common():
        click.echo(f"  {method_name(method):<48} {number:>6}  {number * 100 // total:>3} %")
    for advice, pages in bare.items():
        if pages:
            click.echo(f"\n{advice}")
        if pages and advice == SCRIPT:
            click.echo(f"  {script_tag(service)}")
        for page, number in pages.most_common(50):
            click.echo(visible(f"  {number:>6}  {page}"))


@click.command("preview-lead-source")
@click.option("--days", type=click.IntRange(1, 3650), default=90, show_default=True)
@click.option("--form", help="Leads of one form.")
@with_appcontext
def preview_lead_source(days: int, form: str | None) -> None:
    """Show what lead_source = "auto" would have said of past leads, without changing any."""
    changes: Counter[tuple[str, str]] = Counter()
    total = 0
    for lead in _leads(days, form):
        total += 1
        configured = catalogue().forms.get(lead.form)
        now = configured.lead_source if configured else LeadSource.Web.name
        wanted = lead_source_of(lead.content.attribution).name
        before = wanted if now == "auto" else now
        if before != wanted:
            changes[before, wanted] += 1
    click.echo(f"This rule would have changed {sum(changes.values())} of {total} leads.")
    for (before, wanted), number in changes.most_common():
        click.echo(f"  {number:>6}  {before} -> {wanted}")


COMMANDS = (attribution, preview_lead_source)
