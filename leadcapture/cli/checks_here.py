"""What `flask leads doctor` proves of this installation itself: settings, store, disk, browsers, proxies, mail."""

import shutil
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from pathlib import Path

from flask.testing import FlaskClient

from leadcapture.cli.findings import Finding, bad, ok, warn
from leadcapture.config import Config
from leadcapture.domain.form import Catalogue
from leadcapture.errors import StoreUnavailable
from leadcapture.notify import Mail
from leadcapture.store.leads import Query
from leadcapture.store.store import Store

MOUNTS = Path("/proc/mounts")
FLEETING = {"tmpfs": "memory", "ramfs": "memory", "overlay": "a container's own layer, which ends with the container"}
LEAST_FREE_BYTES = 200 * 1024 * 1024
LOOKED_AT = 20
SHORTEST_PASSWORD, SHORTEST_KEY = 8, 12
"""Signs: a person types the first behind a lockout; the second may be tried as fast as the network goes."""


def settings(config: Config, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield what is allowed and probably not meant."""
    if config.nexudus_token:
        yield warn("NEXUDUS_TOKEN is used: it can't be renewed, and delivery stops when it ends")
    if not config.admin_password:
        yield warn("ADMIN_PASSWORD is not set: the admin pages are off")
    elif len(config.admin_password) < SHORTEST_PASSWORD:
        yield warn(f"ADMIN_PASSWORD has fewer than {SHORTEST_PASSWORD} signs: who guesses it reads every enquiry")
    if config.metrics_token and len(config.metrics_token) < SHORTEST_KEY:
        yield warn(f"METRICS_TOKEN has fewer than {SHORTEST_KEY} signs: it can be guessed")
    for form in catalogue.forms.values():
        for name, hook in form.hooks.items():
            if hook.key and len(hook.key) < SHORTEST_KEY:
                yield warn(
                    f"form {form.name}: the key of hooks.{name} has fewer than {SHORTEST_KEY} signs: it can be guessed"
                )
    if not config.alert_email_to and not config.alert_webhook_url:
        yield warn("nobody is told when leads wait: set ALERT_EMAIL_TO and SMTP_URL, or ALERT_WEBHOOK_URL")


def database(store: Store) -> Iterator[Finding]:
    """Yield whether the store can be used."""
    try:
        if store.ready():
            yield ok("store: reachable, its schema is up to date")
        else:
            yield bad("store: its schema is not up to date: run flask leads migrate")
    except StoreUnavailable:
        yield bad("store: can't be reached: check DATABASE_URL")


def disk(store: Store, mounts: Path = MOUNTS) -> Iterator[Finding]:
    """Yield whether SQLite's file lies on a disk that stays, with room on it."""
    if not store.database.is_sqlite:
        return
    folder = Path(store.database.url.database or ".").resolve().parent
    kind = filesystem_of(folder, mounts.read_text() if mounts.exists() else "")
    if kind in FLEETING:
        yield warn(f"disk: {folder} is {FLEETING[kind]}: keep the database on a disk that stays, or use PostgreSQL")
    free = shutil.disk_usage(folder).free
    text = f"disk: {free // 1024 // 1024} MB free where the database lies"
    yield ok(text) if free >= LEAST_FREE_BYTES else bad(f"{text}: make room")


def filesystem_of(folder: Path, mounts: str) -> str:
    """Return the kind of the file system that a folder is on, from the text of /proc/mounts; "" when unknown."""
    found = [line.split() for line in mounts.splitlines()]
    points = {parts[1]: parts[2] for parts in found if len(parts) > 2}
    return next((points[str(at)] for at in (folder, *folder.parents) if str(at) in points), "")


def origins(client: FlaskClient, catalogue: Catalogue, base_url: str) -> Iterator[Finding]:
    """Ask the running code, as a browser on each allowed website would, whether it may post."""
    for form in catalogue.forms.values():
        refused = [origin for origin in form.allowed_origins if not _may_post(client, form.name, origin, base_url)]
        if refused:
            yield bad(f"form {form.name}: a browser on {', '.join(refused)} may not post")
        elif form.allowed_origins:
            yield ok(f"form {form.name}: browsers on {', '.join(form.allowed_origins)} may post")
        else:
            yield warn(f"form {form.name}: allowed_origins is empty: only its hosted page and hooks work")


def _may_post(client: FlaskClient, form: str, origin: str, base_url: str) -> bool:
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    answer = client.options(f"/f/{form}", headers=asked, base_url=base_url)
    return answer.headers.get("Access-Control-Allow-Origin") in (origin, "*")


def proxies(store: Store, trusted: int) -> Iterator[Finding]:
    """Yield whether recent visitors have addresses of their own, or that of a proxy which nobody has declared."""
    recent = (store.leads.get(row.id) for row in store.leads.find(Query(limit=LOOKED_AT)))
    addresses = [lead.content.ip for lead in recent if lead and lead.content.ip and not lead.content.builder]
    if len(addresses) < 3:
        return
    if all(_is_private(address) for address in addresses):
        yield warn(
            f"proxies: the last visitors all came from private addresses ({', '.join(sorted(set(addresses))[:3])}): "
            f"if a proxy stands in front, TRUSTED_PROXIES={trusted} is too few"
        )
    else:
        yield ok(f"proxies: with TRUSTED_PROXIES={trusted} recent visitors have addresses of their own")


def _is_private(address: str) -> bool:
    try:
        return not ip_address(address).is_global
    except ValueError:
        return False


def mail(config: Config) -> Iterator[Finding]:
    """Sign in to the mail server, and send nothing."""
    for name, to in _receivers(config).items():
        try:
            Mail(config.smtp_url or "", to).check()
        except OSError as error:
            yield bad(f"mail: {name} would not be told: the mail server of SMTP_URL fails ({type(error).__name__})")
        else:
            yield ok(f"mail: the mail server takes messages for {name}")


def _receivers(config: Config) -> Mapping[str, str]:
    wanted = {"ALERT_EMAIL_TO": config.alert_email_to, "FALLBACK_EMAIL_TO": config.fallback_email_to}
    return {name: to for name, to in wanted.items() if to and config.smtp_url}
