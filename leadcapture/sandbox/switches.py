"""The switches as they stand, and which call a fault hits."""

import random
import threading
from collections.abc import Callable, Mapping
from typing import Any

from leadcapture.sandbox.storage import Storage
from leadcapture.sandbox.switch_table import SWITCHES

_ACTIONS = ("expire_tokens", "revoke_refresh")


class SwitchError(ValueError):
    """A switch that does not exist, or a value that it does not take."""


class Switches:
    """The stand-in's switches: read with `switches["throttle"]`, set with `switches.set(throttle="409")`.

    A fault's `times` counts down in the switch itself, which stands at null when it has run out.
    """

    def __init__(self, storage: Storage, lock: threading.RLock) -> None:
        self._storage = storage
        self._lock = lock
        self._actions: dict[str, Callable[[], None]] = {}
        self._standing = {name: switch.default for name, switch in SWITCHES.items()}
        self._standing |= {k: v for k, v in (storage.state("switches") or {}).items() if k in SWITCHES}
        self._chance = self._new_chance()
        self._throttle_calls = 0

    def on_action(self, name: str, action: Callable[[], None]) -> None:
        """Say what happens when one of the switches that act once is set."""
        self._actions[name] = action

    def __getitem__(self, name: str) -> Any:
        return self._standing[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self.merge({name: value})

    def set(self, **values: Any) -> None:
        """Set some switches by name; the others stay."""
        self.merge(values)

    def merge(self, values: Mapping[str, Any]) -> None:
        """Set some switches, all or none: SwitchError says what is wrong with the first bad one."""
        read = {name: _read(name, value) for name, value in values.items()}
        with self._lock:
            for name in _ACTIONS:
                if read.pop(name, False):
                    self._actions[name]()
            self._keep(read)
            if "probability_seed" in read:
                self._chance = self._new_chance()
            if "throttle" in read or "throttle_every" in read:
                self._throttle_calls = 0

    def clear(self) -> None:
        """Put every switch back to where it stands at the start."""
        with self._lock:
            self._keep({name: switch.default for name, switch in SWITCHES.items()})
            self._chance = self._new_chance()
            self._throttle_calls = 0

    def as_dict(self) -> dict[str, Any]:
        """Every switch with the value at which it stands."""
        return dict(self._standing)

    def take(self, name: str, method: str, resource: str, **only: Any) -> dict[str, Any] | None:
        """The fault's options if it hits this call, and one of its `times` is used up; else None.

        `only` are options that must stand at a given value for the fault to be considered here.
        """
        if self._standing[name] is None:
            return None
        with self._lock:
            fault: dict[str, Any] | None = self._standing[name]
            if fault is None or not _hits(fault, method, resource, only) or not self._luck():
                return None
            if fault["times"]:
                left = fault["times"] - 1
                self._keep({name: fault | {"times": left} if left else None})
            return fault

    def take_throttle(self, resource: str) -> str:
        """The way in which this call is throttled, `none` if it is not."""
        if self._standing["throttle"] == "none":
            return "none"
        with self._lock:
            if not _named(resource, self._standing["throttle_on"]):
                return "none"
            self._throttle_calls += 1
            if self._throttle_calls % self._standing["throttle_every"] or not self._luck():
                return "none"
            way: str = self._standing["throttle"]
            times = self._standing["throttle_times"]
            if times == 1:
                self._keep({"throttle": "none", "throttle_times": None})
            elif times:
                self._keep({"throttle_times": times - 1})
            return way

    def _luck(self) -> bool:
        probability = self._standing["probability"]
        return bool(probability >= 1 or self._chance.random() < probability)

    def _new_chance(self) -> random.Random:
        return random.Random(self._standing["probability_seed"])  # noqa: S311  chances of a test, not secrets

    def _keep(self, values: Mapping[str, Any]) -> None:
        self._standing = self._standing | dict(values)
        self._storage.keep_state("switches", self._standing)


def _read(name: str, value: Any) -> Any:
    if name not in SWITCHES:
        raise SwitchError(f"there is no switch {name}; there are {', '.join(SWITCHES)}")
    try:
        return SWITCHES[name].read(value)
    except ValueError as error:
        raise SwitchError(f"{name} must be {error}") from None


def _named(resource: str, names: list[str]) -> bool:
    return "*" in names or resource in names


def _hits(fault: Mapping[str, Any], method: str, resource: str, only: Mapping[str, Any]) -> bool:
    wanted = all(fault.get(name) == value for name, value in only.items())
    return wanted and _named(resource, fault["on"]) and _named(method, fault["methods"])
