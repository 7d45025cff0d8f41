"""Joins the two TUN devices of the client's link, holds every packet for half the round trip, and notes what passes.

A process of its own inside the router's namespace; talks JSON lines on standard input and output (Wire is the other
end). It sees every packet of the client, so it is the packet capture too. It also loses packets where nftables cannot:
by size (behind segmentation offload nftables sees packets that were never on a wire) and by chance.
"""

from __future__ import annotations

import fcntl
import ipaddress
import json
import os
import random
import select
import struct
import sys
import time
from collections import deque
from dataclasses import asdict
from typing import Any

if __package__:
    from .packet import Packet, parse
else:  # started as a script
    from packet import Packet, parse  # type: ignore[import-not-found,no-redef]

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
BURST = 64
EVENTS = 200_000
FLOWS = 50_000


def open_tun(name: str) -> int:
    """Makes a TUN device in this namespace; it goes when the descriptor closes."""
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    return fd


class Loss:
    """Which IPv6 packets are lost: one way or both, longer than a size, of one client prefix, by chance."""

    def __init__(self, *, to: str = "both", longer_than: int = 0, share: float = 1.0, prefix: str = "::/0") -> None:
        self.to = to
        self.longer_than = longer_than
        self.share = share
        self.prefix = ipaddress.IPv6Network(prefix)
        self.everybody = self.prefix.prefixlen == 0

    def hits(self, to: str, packet: Packet, chance: random.Random) -> bool:
        if packet.family != 6 or self.to not in ("both", to) or packet.length <= self.longer_than:
            return False
        if not self.everybody:
            client = packet.source if to == "server" else packet.destination
            if ipaddress.IPv6Address(client) not in self.prefix:
                return False
        return self.share >= 1.0 or chance.random() < self.share


class Forwarder:
    """The loop: two devices, two queues in order of time."""

    def __init__(self, client: int, router: int, delay: float) -> None:
        self.devices = {"client": client, "server": router}  # where a packet to that side is written
        self.sides = {client: "server", router: "client"}  # where a packet read there goes
        self.delay = delay
        self.queues: dict[str, deque[tuple[float, bytes]]] = {"client": deque(), "server": deque()}
        self.losses: list[Loss] = []
        self.chance = random.Random(1)
        self.events: deque[dict[str, Any]] = deque(maxlen=EVENTS)
        # Octets of TCP data of each connection, by family, client address and port; oldest first.
        self.flows: dict[tuple[int, str, int], dict[str, float]] = {}
        self.counts = {f"{what}{family}": 0 for what in ("packets", "payload", "lost", "longest") for family in (4, 6)}

    def run(self) -> None:
        """Until the other end closes standard input."""
        pending = b""
        while True:
            for ready in self.wait():
                if ready == 0:
                    chunk = os.read(0, 65536)
                    if not chunk:
                        return
                    *lines, pending = (pending + chunk).split(b"\n")
                    for line in lines:
                        say(self.answer(json.loads(line)))
                else:
                    self.take(ready)
            self.send_due()

    def wait(self) -> list[int]:
        heads = [queue[0][0] for queue in self.queues.values() if queue]
        patience = max(0.0, min(heads) - time.monotonic()) if heads else None
        return select.select([0, *self.sides], [], [], patience)[0]

    def take(self, fd: int) -> None:
        for _ in range(BURST):
            try:
                raw = os.read(fd, 65536)
            except (BlockingIOError, InterruptedError):
                return
            now = time.monotonic()
            if self.passes(self.sides[fd], raw, now):
                self.queues[self.sides[fd]].append((now + self.delay, raw))

    def passes(self, to: str, raw: bytes, now: float) -> bool:
        packet = parse(raw)
        if packet is None:
            return True
        lost = any(loss.hits(to, packet, self.chance) for loss in self.losses)
        self.counts[f"packets{packet.family}"] += 1
        self.counts[f"payload{packet.family}"] += packet.payload
        self.counts[f"lost{packet.family}"] += lost
        self.counts[f"longest{packet.family}"] = max(self.counts[f"longest{packet.family}"], packet.length)
        if packet.payload or packet.kind == "SYN":
            self.count_flow(to, packet, now)
        if packet.kind:
            self.events.append({"time": now, "to": to, "lost": lost, **asdict(packet)})
        return not lost

    def count_flow(self, to: str, packet: Packet, now: float) -> None:
        key = (packet.family, packet.source, packet.source_port)
        if to == "client":
            key = (packet.family, packet.destination, packet.destination_port)
        flow = self.flows.get(key)
        if flow is None or packet.kind == "SYN" and flow["client"]:  # new, or a port used again
            self.flows.pop(key, None)
            flow = self.flows[key] = {"family": packet.family, "time": now, "server": 0, "client": 0}
            if len(self.flows) > FLOWS:
                del self.flows[next(iter(self.flows))]
        flow[to] += packet.payload

    def send_due(self) -> None:
        now = time.monotonic()
        for side, queue in self.queues.items():
            while queue and queue[0][0] <= now:
                try:
                    os.write(self.devices[side], queue.popleft()[1])
                except OSError:  # the device is down or its queue full: a lost packet
                    pass

    def answer(self, request: dict[str, Any]) -> Any:
        match request["ask"]:
            case "events":
                return [event for event in self.events if event["time"] >= request["since"]]
            case "flows":
                return [flow for flow in self.flows.values() if flow["time"] >= request["since"]]
            case "counts":
                return self.counts
            case "reset":  # counts of a new cell
                self.counts = dict.fromkeys(self.counts, 0)
                return True
            case "losses":
                self.losses = [Loss(**loss) for loss in request["losses"]]
                return True
            case other:
                raise ValueError(f"ask: {other}")


def say(value: Any) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def main() -> None:
    client, router, delay = sys.argv[1:]
    forwarder = Forwarder(open_tun(client), open_tun(router), float(delay))
    say("ready")
    forwarder.run()


if __name__ == "__main__":
    main()
