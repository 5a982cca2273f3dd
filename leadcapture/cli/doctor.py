"""The checks of `flask leads doctor`, in the order in which things depend on each other."""

from collections.abc import Iterator

from flask.testing import FlaskClient

from leadcapture.cli import checks_account, checks_here
from leadcapture.cli.findings import Finding, ok, warn
from leadcapture.cli.send_test import send_test
from leadcapture.config import Config
from leadcapture.domain.form import Catalogue
from leadcapture.store.store import Store


def examine(
    config: Config, store: Store, catalogue: Catalogue, client: FlaskClient, with_test: bool
) -> Iterator[Finding]:
    """Yield findings; what depends on something that is wrong is left out."""
    yield ok(f"settings: {config.forms_file} has {len(catalogue.forms)} forms: {', '.join(catalogue.forms)}")
    yield from (warn(warning) for warning in catalogue.warnings)
    yield from checks_here.settings(config, catalogue)
    yield from checks_here.mail(config)
    host = config.allowed_hosts[0].lstrip(".") if config.allowed_hosts else "localhost"
    yield from checks_here.origins(client, catalogue, f"https://{host}")
    found = list(checks_here.database(store))
    yield from found
    if any(finding.wrong for finding in found):
        return
    yield from checks_here.disk(store)
    yield from checks_here.proxies(store, config.trusted_proxies)
    owners: dict[tuple[str, int], str] = {}
    for name in sorted({form.connection for form in catalogue.forms.values()}):
        yield from checks_account.account(store, catalogue, catalogue.connections[name], owners)
    if with_test:
        yield from send_test(store, catalogue)
