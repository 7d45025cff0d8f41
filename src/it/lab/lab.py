"""The lab as scenarios use it: `with Lab() as lab: lab.fail("mtu-hole"); lab.client("mpop-tls"); lab.syns()`."""

from __future__ import annotations

import ctypes
import json
import os
import secrets
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any, cast

from . import backend, cell, failures, load, net, proxy
from .cell import Outcome
from .proxy import Proxy
from .wire import Event, Wire

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000


class Lab:
    """Three namespaces, a backend and a front: "dualpost", "plain" (the lab's own server) or "none"."""

    def __init__(self, *, front: str = "dualpost", more: str = "", listener: str = "",
                 java_options: Sequence[str] = (), one_way: float = 0.010) -> None:
        self.id = secrets.token_hex(3)
        self.front, self.more, self.listener = front, more, listener
        self.java_options, self.one_way = tuple(java_options), one_way
        self.folder = net.state(self.id)
        self.spool = self.folder / "spool"
        self.children: list[subprocess.Popen[bytes]] = []
        self.failure_name = "none"
        self.proxy: Proxy | None = None
        self.handler: Any = None

    def __enter__(self) -> Lab:
        # SIGTERM then unwinds like an interrupt does; a handler of the program's own is left alone.
        if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:
            self.handler = signal.signal(signal.SIGTERM, leave)
        try:
            self.open()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *ignored: object) -> None:
        self.close()

    def open(self) -> None:
        """Builds everything; on failure the caller closes."""
        if os.geteuid() != 0:
            raise net.LabError("the lab makes network namespaces (expected: to run as root)")
        net.sweep()
        net.claim(self.id)
        self.spool.mkdir()
        net.build(self.id)
        self.wire = Wire(self.id, self.one_way)
        net.join(self.id)
        proxy.certificates(self.folder)
        self.heal()
        self.start_backend()
        if self.front == "dualpost":
            self.start_proxy()

    def close(self) -> None:
        """Leaves nothing; may be called at any time and again."""
        for child in self.children:
            child.kill()
        if hasattr(self, "wire"):
            self.wire.close()
        net.remove(self.id)
        for child in self.children:
            child.wait()
            for pipe in (child.stdin, child.stdout, child.stderr):
                if pipe:
                    pipe.close()
        if self.handler is not None:
            signal.signal(signal.SIGTERM, self.handler)
            self.handler = None

    def check(self) -> None:
        """Raises if a part of the lab has ended that nobody ended on purpose."""
        parts: dict[str, subprocess.Popen[Any]] = {"forwarder": self.wire.process, "backend": self.backend}
        if self.proxy:
            parts["dualpost"] = self.proxy.process
        for name, process in parts.items():
            if process.poll() is not None:
                raise net.LabError(f"{name}: has ended with {process.returncode} (expected: to run)")

    # What is wrong

    def fail(self, name: str, source: str | None = None) -> None:
        """Switches to a failure, in place of the one before; for one client prefix alone if told (not all can)."""
        self.failure_name = name
        self.wire.ask("losses", losses=failures.apply(self.id, failures.find(name), source))

    def heal(self) -> None:
        """Everything works again."""
        self.fail("none")

    def lose(self, *losses: dict[str, Any]) -> None:
        """IPv6 losses beside the named failures: keys `to`, `longer_than`, `share`, `prefix` of forwarder.Loss."""
        self.wire.ask("losses", losses=losses)

    @property
    def address6(self) -> str:
        """Where the dual name points now."""
        return failures.find(self.failure_name).dual6

    # What passed

    def mark(self) -> float:
        """A moment for `since`."""
        return time.monotonic()

    def syns(self, since: float = 0.0, family: int | None = None) -> list[Event]:
        """The client's SYNs."""
        return self.wire.events(since, "SYN", family)

    # Who takes part

    def client_exec(self, words: Sequence[str], **more: Any) -> subprocess.CompletedProcess[Any]:
        """Runs a program in the client's namespace and waits; keywords as for subprocess.run."""
        return subprocess.run(self.words("client", words), check=False, **more)

    def router_exec(self, words: Sequence[str], **more: Any) -> subprocess.CompletedProcess[Any]:
        """The same in the router's."""
        return subprocess.run(self.words("router", words), check=False, **more)

    def server_exec(self, words: Sequence[str], **more: Any) -> subprocess.CompletedProcess[Any]:
        """The same in the server's."""
        return subprocess.run(self.words("server", words), check=False, **more)

    def popen(self, role: str, words: Sequence[str], **more: Any) -> subprocess.Popen[bytes]:
        """Starts a program that goes on; it ends with the lab at the latest."""
        child = subprocess.Popen(self.words(role, words), **more)
        self.children.append(child)
        return child

    def words(self, role: str, words: Sequence[str]) -> list[str]:
        """The command line that enters a namespace; it becomes the program, so its process id is the program's."""
        return ["ip", "netns", "exec", net.namespace(self.id, role), *words]

    @contextmanager
    def inside(self, role: str) -> Iterator[None]:
        """Sockets made in here by this thread belong to a namespace, and stay there; names are not the lab's."""
        own = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        there = os.open(f"/run/netns/{net.namespace(self.id, role)}", os.O_RDONLY)
        try:
            enter(there)
            yield
        finally:
            enter(own)
            os.close(own)
            os.close(there)

    def client(self, name: str, source: str | None = None, *, size: int = 20 * 1024, cap: float = 40.0,
               rescue: bool = False) -> Outcome:
        """Lets a mail client fetch or submit a message of this size, and says what came of it. One at a time."""
        if source:
            self.use_source(source)
        return cell.run(self, name, size, cap, rescue)

    def load(self, sessions: int, *, concurrency: int = 50, prefixes: int = 200, family: int = 6, size: int = 2048,
             pause: float = 0.0, patience: float = 30.0, address: str | None = None) -> dict[str, Any]:
        """POP3S sessions, each from the next /64: how many ended how (`ends`), and seconds (median, p99, longest)."""
        given = {"address": address or (self.address6 if family == 6 else net.SERVER4), "port": 995, "sessions": sessions,
                 "concurrency": concurrency, "prefixes": prefixes, "pause": pause, "patience": patience,
                 "source": "2001:db8:1:f%03x::9" if family == 6 else f"{net.CLIENT4}%.0s", "user": f"size-{size}",
                 "name": net.DUAL_NAMES["pop3"], "authority": f"{self.folder}/ca.pem"}
        done = self.client_exec(["/usr/bin/python3", load.__file__, json.dumps(given)], capture_output=True, text=True)
        if done.returncode != 0:
            raise net.LabError(f"load: {done.stderr}")
        return dict(json.loads(done.stdout))

    def use_source(self, source: str) -> None:
        """The client's programs come from this IPv6 address from now on, unless they bind."""
        net.use_source(self.id, source)

    def start_backend(self) -> None:
        """The mail server behind the proxy, and the silent one; with `front="plain"` also in the proxy's place."""
        words = ["/usr/bin/python3", backend.__file__, "--spool", str(self.spool), "--silent", net.SILENT6]
        if self.front == "plain":
            words += ["--front", net.SERVER4, net.SERVER6, "--chain", f"{self.folder}/chain.pem",
                      "--key", f"{self.folder}/key.pem"]
        self.backend = self.popen("server", words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if not cast(Any, self.backend.stdout).readline():
            raise net.LabError("backend: does not start")

    def start_proxy(self, more: str | None = None, java_options: Sequence[str] | None = None,
                    environment: dict[str, str] | None = None) -> Proxy:
        """Starts Dualpost and waits until it is ready; `more` is YAML added to the configuration."""
        if more is not None:
            self.more = more
        self.proxy = Proxy(self, self.java_options if java_options is None else tuple(java_options), environment or {})
        self.proxy.await_ready()
        return self.proxy

    def stop_proxy(self) -> None:
        """By SIGTERM, as an operator would."""
        if self.proxy:
            self.proxy.stop()
            self.proxy = None


def enter(fd: int) -> None:
    """Moves this thread to a network namespace."""
    if LIBC.setns(fd, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def leave(number: int, frame: FrameType | None) -> None:
    """A signal as an exception."""
    raise SystemExit(128 + number)
