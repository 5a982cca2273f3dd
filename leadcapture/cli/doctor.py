"""The checks of `flask leads doctor`, in the order in which things depend on each other."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from leadcapture import bootstrap
from leadcapture.cli.findings import Finding, bad, ok, warn
from leadcapture.cli.send_test import send_test
from leadcapture.config import Config
from leadcapture.domain.account import Stage
from leadcapture.domain.form import Catalogue, Connection, Form
from leadcapture.errors import CrmError, SignInNeeded, SignInRefused, StoreUnavailable
from leadcapture.nexudus.client import NexudusClient
from leadcapture.nexudus.transport import CallRecord
from leadcapture.store.store import Store

SKEW_SECONDS = 60
CAPACITY = 5000
CAPACITY_WARNING = 4000


def examine(config: Config, store: Store, catalogue: Catalogue, with_test: bool) -> Iterator[Finding]:
    """Yield findings; what depends on something that is wrong is left out."""
    yield ok(f"settings: {config.forms_file} has {len(catalogue.forms)} forms: {', '.join(catalogue.forms)}")
    yield from (warn(warning) for warning in catalogue.warnings)
    yield from _settings(config)
    store_findings = list(_store(store))
    yield from store_findings
    if any(finding.wrong for finding in store_findings):
        return
    for name in sorted({form.connection for form in catalogue.forms.values()}):
        yield from _connection(store, catalogue, catalogue.connections[name])
    if with_test:
        yield from send_test(store, catalogue)


def _settings(config: Config) -> Iterator[Finding]:
    if config.nexudus_token:
        yield warn("NEXUDUS_TOKEN is used: it can't be renewed, and delivery stops when it ends")
    if not config.admin_password:
        yield warn("ADMIN_PASSWORD is not set: the admin pages are off")
    if not (config.alert_email_to and config.smtp_url) and not config.alert_webhook_url:
        yield warn("nobody is told when leads wait: set ALERT_EMAIL_TO and SMTP_URL, or ALERT_WEBHOOK_URL")


def _store(store: Store) -> Iterator[Finding]:
    try:
        if store.ready():
            yield ok("store: reachable, its schema is up to date")
        else:
            yield bad("store: its schema is not up to date: run flask leads migrate")
    except StoreUnavailable:
        yield bad("store: can't be reached: check DATABASE_URL")


def _connection(store: Store, catalogue: Catalogue, connection: Connection) -> Iterator[Finding]:
    store.connections.ensure(connection.name)
    transport, keeper = bootstrap.build_tokens(store, connection, _quiet)
    client = NexudusClient(transport, keeper)
    try:
        me = client.who_am_i()
    except SignInNeeded:
        yield bad(f"{connection.name}: not signed in to Nexudus: run flask leads connect")
        return
    except SignInRefused:
        yield bad(f"{connection.name}: Nexudus refuses the sign-in: run flask leads connect")
        return
    except CrmError as error:
        yield bad(f"{connection.name}: Nexudus can't be asked: {error}")
        return
    yield ok(f"{connection.name}: signed in to Nexudus as {me.full_name or me.id}")
    if not me.is_admin:
        yield warn(f"{connection.name}: this account is not a full administrator: its roles must allow what we ask")
    skew = transport.clock_skew_seconds
    if skew is not None and abs(skew) > SKEW_SECONDS:
        yield bad(f"clock: it differs from Nexudus' by {skew:.0f} seconds: set the time of this machine")
    for form in catalogue.forms_of(connection.name):
        yield from _guarded(lambda form=form: _form(client, form), f"form {form.name}")  # type: ignore[misc]
    locations = sorted({form.location for form in catalogue.forms_of(connection.name)})
    for location in locations:
        yield from _guarded(lambda location=location: _capacity(client, location), f"location {location}")  # type: ignore[misc]


def _guarded(check: Callable[[], Iterator[Finding]], what: str) -> Iterator[Finding]:
    try:
        yield from check()
    except CrmError as error:
        yield bad(f"{what}: could not be checked: {error}")


def _form(client: NexudusClient, form: Form) -> Iterator[Finding]:
    where = f"form {form.name}"
    locations = {location.id: location for location in client.locations()}
    if form.location not in locations:
        yield bad(f"{where}: location {form.location} is not in this account: it has {_named(locations.values())}")
        return
    yield ok(f"{where}: location {form.location} is “{locations[form.location].name}”")
    yield from _stage(client, form, where)
    yield from _ids(client, form, where)


def _stage(client: NexudusClient, form: Form, where: str) -> Iterator[Finding]:
    stage = client.find_stage(form.board_column)
    if stage is None:
        boards = client.boards(form.location)
        stages = [stage for board in boards for stage in client.stages(board.id)]
        yield bad(f"{where}: board_column {form.board_column} does not exist: the location has {_named(stages)}")
        return
    label = f"stage {stage.id} “{stage.name}”"
    if stage.dangerous:
        yield bad(f"{where}: {label} runs {', '.join(sorted(stage.dangerous))}: it would harm every new customer")
    elif stage.location_id not in (None, form.location):
        yield bad(f"{where}: {label} belongs to location {stage.location_id}, not to {form.location}")
    else:
        yield ok(f"{where}: {label} on board “{stage.board_name}”")
    yield from _stage_warnings(stage, where)


def _stage_warnings(stage: Stage, where: str) -> Iterator[Finding]:
    if stage.closing:
        yield warn(f"{where}: its stage runs {', '.join(sorted(stage.closing))}: every new lead is closed at once")
    if "CannedResponseId" in stage.actions:
        yield warn(f"{where}: its stage sends each new lead an automatic message")
    own = stage.triggers & {"TourRequests", "ContactMessages", "SignUps"}
    if own:
        yield warn(f"{where}: Nexudus' own forms feed this stage too ({', '.join(sorted(own))}): don't run both")


def _ids(client: NexudusClient, form: Form, where: str) -> Iterator[Finding]:
    wanted = form.constants.get("OpportunityTypeId")
    if wanted:
        types = {found.id: found for found in client.opportunity_types(form.location)}
        yield _known(where, "OpportunityTypeId", wanted, types)
    responsible = form.constants.get("ResponsibleId")
    if responsible:
        users = {user.id: user for user in client.users()}
        yield _known(where, "ResponsibleId", responsible, users)
    if form.country_id:
        yield _known(where, "country_id", form.country_id, {c.id: c for c in client.countries()}, brief=True)
    if form.simple_time_zone_id:
        zones = {zone.id: zone for zone in client.time_zones()}
        yield _known(where, "simple_time_zone_id", form.simple_time_zone_id, zones, brief=True)


def _known(where: str, key: str, wanted: object, found: Mapping[int, object], brief: bool = False) -> Finding:
    match = found.get(wanted) if isinstance(wanted, int) else None
    if match is None:
        others = "" if brief else f": Nexudus has {_named(found.values())}"
        return bad(f"{where}: {key} {wanted} does not exist{others}")
    return ok(f"{where}: {key} {wanted} is “{_name(match)}”")


def _capacity(client: NexudusClient, location: int) -> Iterator[Finding]:
    number = client.count_opportunities(location)
    text = f"location {location}: {number} of {CAPACITY} opportunities"
    yield bad(text) if number >= CAPACITY else warn(text) if number >= CAPACITY_WARNING else ok(text)


def _name(record: object) -> str:
    return str(getattr(record, "name", None) or getattr(record, "full_name", ""))


def _named(records: Iterable[object]) -> str:
    listed = [f"{getattr(record, 'id', '')} “{_name(record)}”" for record in list(records)[:20]]
    return ", ".join(listed) or "none"


def _quiet(_record: CallRecord) -> None:
    return
