"""Hosts on this machine: network namespaces on a bridge, which can be cut off and joined again.

Needs root and iproute2; `available()` says whether they are there.
"""

import contextlib
import os
import socket
import subprocess
import threading

from install_tools import find_program

BRIDGE = "lcbridge"
ROUTER = "10.213.77.1"


def available() -> bool:
    """Say whether hosts can be made here; the suite's processes ask at the same time."""
    if os.geteuid() != 0 or not find_program("ip"):
        return False
    probe = f"lcprobe{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", probe], capture_output=True, check=False).returncode == 0
    subprocess.run(["ip", "netns", "del", probe], capture_output=True, check=False)
    return made


def _ip(*words: str, check: bool = True) -> None:
    subprocess.run(["ip", *words], check=check, capture_output=True)


class Network:
    """A bridge with this process at ROUTER; `host` adds a host. Everything is gone after `close`."""

    def __init__(self) -> None:
        self._hosts: list[Host] = []
        self._relays: list[Relay] = []
        _ip("link", "del", BRIDGE, check=False)
        _ip("link", "add", "name", BRIDGE, "type", "bridge")
        _ip("addr", "add", f"{ROUTER}/24", "dev", BRIDGE)
        _ip("link", "set", BRIDGE, "up")

    def host(self) -> "Host":
        """Add a host."""
        self._hosts.append(Host(len(self._hosts) + 2))
        return self._hosts[-1]

    def relay(self, path: str) -> int:
        """Let hosts reach a Unix socket of this machine; returns the port at ROUTER."""
        self._relays.append(Relay(path))
        return self._relays[-1].port

    def close(self) -> None:
        """Take everything down."""
        for host in self._hosts:
            host.close()
        for relay in self._relays:
            relay.close()
        _ip("link", "del", BRIDGE, check=False)


class Host:
    """A host of its own: `run` is what a command begins with to run there, `address` where it is reached."""

    def __init__(self, number: int) -> None:
        self.name = f"lchost{number}"
        self.address = f"10.213.77.{number}"
        self._link = f"lcveth{number}"
        self.run = ("ip", "netns", "exec", self.name)
        _ip("netns", "del", self.name, check=False)
        _ip("netns", "add", self.name)
        _ip("link", "add", self._link, "type", "veth", "peer", "name", "eth0", "netns", self.name)
        _ip("link", "set", self._link, "master", BRIDGE, "up")
        for words in (("addr", "add", f"{self.address}/24", "dev", "eth0"), ("link", "set", "eth0", "up")):
            _ip("netns", "exec", self.name, "ip", *words)
        _ip("netns", "exec", self.name, "ip", "link", "set", "lo", "up")

    def cut_off(self) -> None:
        """Pull the plug: nothing is said to anybody."""
        _ip("link", "set", self._link, "down")

    def join(self) -> None:
        """Put the plug back in."""
        _ip("link", "set", self._link, "up")

    def close(self) -> None:
        """Remove the host."""
        _ip("netns", "del", self.name, check=False)
        _ip("link", "del", self._link, check=False)


class Relay:
    """Carries bytes between a port and a Unix socket."""

    def __init__(self, path: str, address: str = ROUTER) -> None:
        self._path = path
        self._listener = socket.create_server((address, 0), backlog=256)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                outer, _ = self._listener.accept()
            except OSError:
                return
            inner = socket.socket(socket.AF_UNIX)
            try:
                inner.connect(self._path)
            except OSError:
                outer.close()
                inner.close()
                continue
            threading.Thread(target=self._join, args=(outer, inner), daemon=True).start()

    def _join(self, outer: socket.socket, inner: socket.socket) -> None:
        with outer, inner:
            back = threading.Thread(target=self._carry, args=(inner, outer), daemon=True)
            back.start()
            self._carry(outer, inner)
            back.join()

    @staticmethod
    def _carry(source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()
