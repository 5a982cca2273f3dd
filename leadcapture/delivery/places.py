"""What delivery needs to know of an account before it may send a lead: its places and its stages, kept for a while."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from leadcapture.delivery.crm import Crm
from leadcapture.domain.account import Location, Stage
from leadcapture.domain.compose import Place, UnmappableError
from leadcapture.domain.form import Form
from leadcapture.domain.zones import windows_zones

KEEP = timedelta(minutes=10)


class Places:
    """Locations and stages of one connection, shared by its lanes, asked for again after ten minutes."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._stages: dict[int, tuple[datetime, Stage | None]] = {}
        self._locations: tuple[datetime, dict[int, Location]] | None = None
        self._zones: tuple[datetime, dict[int, str]] | None = None

    def stage(self, crm: Crm, board_column: int) -> Stage | None:
        """Return a stage with its flags; None when the CRM lists none of that id."""
        with self._lock:
            known = self._stages.get(board_column)
            if known is None or self._clock() - known[0] > KEEP:
                known = (self._clock(), crm.find_stage(board_column))
                self._stages[board_column] = known
            return known[1]

    def place(self, crm: Crm, form: Form) -> Place:
        """Return a form's place: what the form leaves out is the location's own. Raises UnmappableError."""
        if form.country_id and form.simple_time_zone_id and form.time_zone:
            return Place(form.location, form.country_id, form.simple_time_zone_id, form.time_zone)
        locations, zones = self._facts(crm)
        location = locations.get(form.location)
        country = form.country_id or (location and location.country_id)
        zone_id = form.simple_time_zone_id or (location and location.simple_time_zone_id)
        zone = form.time_zone or (zone_id and zones.get(zone_id))
        if not (country and zone_id and zone):
            raise UnmappableError(
                f"location {form.location} is not in this Nexudus account, or has no country and time zone: "
                "set country_id, simple_time_zone_id and time_zone in forms.toml"
            )
        return Place(form.location, country, zone_id, zone)

    def _facts(self, crm: Crm) -> tuple[dict[int, Location], dict[int, str]]:
        with self._lock:
            now = self._clock()
            if self._zones is None or now - self._zones[0] > KEEP:
                windows = windows_zones()
                self._zones = (now, {z.id: windows[z.name] for z in crm.time_zones() if z.name in windows})
            if self._locations is None or now - self._locations[0] > KEEP:
                self._locations = (now, {location.id: location for location in crm.locations()})
            return self._locations[1], self._zones[1]
