"""What `flask leads doctor` proves of a Nexudus account: sign-in, clock, quota, and every id in forms.toml."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from leadcapture import bootstrap
from leadcapture.cli.findings import Finding, bad, ok, warn
from leadcapture.domain.account import CAPACITY, Stage
from leadcapture.domain.form import Catalogue, Connection, Form, connect_command
from leadcapture.errors import CrmError, SignInNeeded, SignInRefused
from leadcapture.nexudus.account import NexudusAccount
from leadcapture.store.store import Store

SKEW_SECONDS = 60
UNLISTED = ("TeamId", "ReferrerId", "AgentId")
"""Constants whose records are in no list that we read."""
CAPACITY_WARNING = CAPACITY * 8 // 10


def account(
    store: Store, catalogue: Catalogue, connection: Connection, owners: dict[tuple[str, int], str]
) -> Iterator[Finding]:
    """Yield what can be said of a connection; without a sign-in that is all. `owners` is whose each location is, of
    the connections before."""
    yield from _quota(store, connection)
    with bootstrap.open_account(store, connection) as opened:
        try:
            me = opened.who_am_i()
        except SignInNeeded:
            yield bad(f"{connection.name}: not signed in to Nexudus: run {connect_command(connection.name)}")
            return
        except SignInRefused:
            yield bad(f"{connection.name}: Nexudus refuses the sign-in: {_mend(connection)}")
            return
        except CrmError as error:
            yield bad(f"{connection.name}: {urlsplit(connection.url).netloc} can't be asked ({error}): see NEXUDUS_URL")
            return
        yield ok(f"{connection.name}: signed in to Nexudus as {me.full_name or me.id}")
        if not me.is_admin:
            yield warn(f"{connection.name}: this account is not a full administrator: its roles must allow what we ask")
        yield from _clock(opened)
        yield from _guarded(lambda: _alone(opened, connection, owners), connection.name)
        for form in catalogue.forms_of(connection.name):
            yield from _guarded(lambda form=form: _form(opened, form), f"form {form.name}")  # type: ignore[misc]
        for location in sorted({form.location for form in catalogue.forms_of(connection.name)}):
            yield from _guarded(lambda location=location: _capacity(opened, location), f"location {location}")  # type: ignore[misc]


def _mend(connection: Connection) -> str:
    password = "NEXUDUS_PASSWORD in .env" if connection.name == "main" else "its password in the settings"
    return f"run {connect_command(connection.name)}" + (f", or correct {password}" if connection.password else "")


def _quota(store: Store, connection: Connection) -> Iterator[Finding]:
    state = store.connections.state(connection.name)
    used = state.writes_today if state else 0
    text = f"{connection.name}: {used} of {connection.writes_per_day} writes used within a day"
    yield ok(text) if used < connection.writes_per_day * 8 // 10 else warn(f"{text}: what is over waits for tomorrow")


def _clock(opened: NexudusAccount) -> Iterator[Finding]:
    skew = opened.clock_skew_seconds
    if skew is None:
        return
    if abs(skew) > SKEW_SECONDS:
        yield bad(f"clock: it differs from Nexudus' by {skew:.0f} seconds: set the time of this machine")
    else:
        yield ok("clock: agrees with Nexudus'")


def _alone(opened: NexudusAccount, connection: Connection, owners: dict[tuple[str, int], str]) -> Iterator[Finding]:
    found = {owners.setdefault((connection.url, one.id), connection.name) for one in opened.locations()}
    for other in sorted(found - {connection.name}):
        yield bad(
            f"{connection.name}: the same Nexudus account as {other}: who writes to forms of both may become two "
            "customers, and each has a pace of its own: let these forms use one connection"
        )


def _guarded(check: Callable[[], Iterator[Finding]], what: str) -> Iterator[Finding]:
    try:
        yield from check()
    except CrmError as error:
        yield bad(f"{what}: could not be checked: {error}")


def _form(opened: NexudusAccount, form: Form) -> Iterator[Finding]:
    where = f"form {form.name}"
    locations = {location.id: location for location in opened.locations()}
    if form.location not in locations:
        yield bad(f"{where}: location {form.location} is not in this account: it has {_named(locations.values())}")
        return
    yield ok(f"{where}: location {form.location} is “{locations[form.location].name}”")
    yield from _stage(opened, form, where)
    yield from _ids(opened, form, where)


def _stage(opened: NexudusAccount, form: Form, where: str) -> Iterator[Finding]:
    stage = opened.find_stage(form.board_column)
    if stage is None:
        boards = opened.boards(form.location)
        stages = [stage for board in boards for stage in opened.stages(board.id)]
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


def _ids(opened: NexudusAccount, form: Form, where: str) -> Iterator[Finding]:
    wanted = form.constants.get("OpportunityTypeId")
    if wanted:
        types = {found.id: found for found in opened.opportunity_types(form.location)}
        yield _known(where, "OpportunityTypeId", wanted, types)
    responsible = form.constants.get("ResponsibleId")
    if responsible:
        users = {user.id: user for user in opened.users()}
        yield _known(where, "ResponsibleId", responsible, users)
    for key in UNLISTED:
        if unproved := form.constants.get(key):
            yield warn(f"{where}: {key} {unproved} can't be checked: we read no list of them: compare it in Nexudus")
    if form.country_id:
        yield _known(where, "country_id", form.country_id, {c.id: c for c in opened.countries()}, brief=True)
    if form.simple_time_zone_id:
        zones = {zone.id: zone for zone in opened.time_zones()}
        yield _known(where, "simple_time_zone_id", form.simple_time_zone_id, zones, brief=True)


def _known(where: str, key: str, wanted: object, found: Mapping[int, object], brief: bool = False) -> Finding:
    match = found.get(wanted) if isinstance(wanted, int) else None
    if match is None:
        others = "" if brief else f": Nexudus has {_named(found.values())}"
        return bad(f"{where}: {key} {wanted} does not exist{others}")
    return ok(f"{where}: {key} {wanted} is “{_name(match)}”")


def _capacity(opened: NexudusAccount, location: int) -> Iterator[Finding]:
    number = opened.count_opportunities(location)
    text = f"location {location}: {number} of {CAPACITY} opportunities"
    yield bad(text) if number >= CAPACITY else warn(text) if number >= CAPACITY_WARNING else ok(text)


def _name(record: object) -> str:
    return str(getattr(record, "name", None) or getattr(record, "full_name", ""))


def _named(records: Iterable[object]) -> str:
    listed = [f"{getattr(record, 'id', '')} “{_name(record)}”" for record in list(records)[:20]]
    return ", ".join(listed) or "none"
