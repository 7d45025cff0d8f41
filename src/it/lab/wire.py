"""The forwarder as the lab sees it: started, asked, told what to lose."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO, cast

from . import net


@dataclass(frozen=True)
class Event:
    """A packet worth noting, when the capture saw it; `to` is "server" or "client". See packet.Packet for the kinds."""

    time: float
    to: str
    lost: bool
    family: int
    source: str
    source_port: int
    destination: str
    destination_port: int
    kind: str
    length: int
    payload: int
    mss: int


class Wire:
    """One question at a time, from any thread."""

    def __init__(self, lab: str, one_way: float) -> None:
        self.lock = threading.Lock()
        # No PYTHONPATH and no site: it starts in a few hundredths of a second.
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", net.namespace(lab, "router"), sys.executable, "-E", "-S",
             str(Path(__file__).with_name("forwarder.py")), "wan", "access", str(one_way)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent)
        self.input, self.output = cast(TextIO, self.process.stdin), cast(TextIO, self.process.stdout)
        if json.loads(self.output.readline() or '""') != "ready":
            raise net.LabError("forwarder: does not start (expected: /dev/net/tun)")

    def ask(self, what: str, **more: Any) -> Any:
        with self.lock:
            try:
                self.input.write(json.dumps({"ask": what, **more}) + "\n")
                self.input.flush()
                return json.loads(self.output.readline())
            except (OSError, ValueError) as e:
                raise net.LabError(f"forwarder: gone ({e})") from e

    def events(self, since: float = 0.0, kind: str | None = None, family: int | None = None) -> list[Event]:
        """What passed since a moment of time.monotonic(), oldest first."""
        found = [Event(**event) for event in self.ask("events", since=since)]
        return [event for event in found if kind in (None, event.kind) and family in (None, event.family)]

    def counts(self) -> dict[str, int]:
        """packets4, packets6, payload4, payload6 (octets of TCP data), lost4, lost6, longest4, longest6."""
        return cast(dict[str, int], self.ask("counts"))

    def carried(self, since: float) -> dict[int, int]:
        """Octets of TCP data, by family, of the connections begun since a moment."""
        flows = self.ask("flows", since=since)
        return {family: int(sum(flow["server"] + flow["client"] for flow in flows if flow["family"] == family))
                for family in (4, 6)}

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.input.close()
        self.output.close()
