"""What can be wrong on the way or at the server. IPv4 is healthy in all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import net

SYN = "tcp flags & (syn|ack) == syn"
SYN_ACK = "tcp flags & (syn|ack) == (syn|ack)"
BACKEND_PORTS = "{ 10110, 10587 }"


@dataclass(frozen=True)
class Failure:
    """Where it is made: rules of the router's or the server's firewall, the forwarder's losses, the name, the MTU.

    In firewall rules SOURCE stands for the client prefix it is limited to; `to_client` rules see it as destination.
    """

    says: str
    to_server: str = ""
    to_client: str = ""
    server: tuple[str, ...] = ()
    losses: tuple[dict[str, Any], ...] = ()
    dual6: str = net.SERVER6
    mtu6: int = 1500
    backend: bool = False


FAILURES: dict[str, Failure] = {
    "none": Failure("everything works"),
    "no-listener": Failure("nothing listens on IPv6: the server's kernel answers with RST", dual6=net.DEAF6),
    "router-rst": Failure("a router answers the SYN with RST", to_server=f"{SYN} reject with tcp reset"),
    "admin-prohibited": Failure("a router answers the SYN with ICMPv6 administratively prohibited",
                                to_server=f"{SYN} reject with icmpv6 type admin-prohibited"),
    "no-route": Failure("a router answers the SYN with ICMPv6 no route",
                        to_server=f"{SYN} reject with icmpv6 type no-route"),
    "syn-drop": Failure("the SYN is lost", to_server=f"{SYN} drop"),
    "synack-drop": Failure("the SYN-ACK is lost: no return path", to_client=f"{SYN_ACK} drop"),
    "mtu-hole": Failure("packets above 1280 octets vanish in both directions, nobody is told",
                        losses=({"to": "both", "longer_than": 1280},)),
    "mtu-told": Failure("a link of 1280 octets, with working too-big messages", mtu6=1280),
    "big-client": Failure("the client's packets above 1280 octets vanish, the server's arrive",
                          losses=({"to": "server", "longer_than": 1280},)),
    "silent": Failure("accepted, and nothing is ever said", dual6=net.SILENT6),
    "loss": Failure("2 % of the packets are lost, at random", losses=({"share": 0.02},)),
    "backend-v4-only": Failure("the backends answer on IPv4 only", backend=True,
                               server=(f"ip6 daddr ::1 tcp dport {BACKEND_PORTS} reject with tcp reset",)),
    "backend-v6-only": Failure("the backends answer on IPv6 only", backend=True,
                               server=(f"ip daddr 127.0.0.1 tcp dport {BACKEND_PORTS} reject with tcp reset",)),
    "backend-dead": Failure("the backends refuse on both families", backend=True,
                            server=(f"tcp dport {BACKEND_PORTS} reject with tcp reset",)),
}


def find(name: str) -> Failure:
    """By its name."""
    if name not in FAILURES:
        raise net.LabError(f"failure: {name} (expected: one of {', '.join(FAILURES)})")
    return FAILURES[name]


def apply(lab: str, failure: Failure, source: str | None) -> list[dict[str, Any]]:
    """Sets the namespaces to one failure, in place of the one before; returns the losses for the forwarder."""
    if source and (failure.server or failure.dual6 != net.SERVER6 or failure.mtu6 != 1500):
        raise net.LabError(f"failure: {failure.says}: concerns every client (expected: no source)")
    chains = [("forward", rule(failure.to_server, "ip6 saddr", source)),
              ("forward", rule(failure.to_client, "ip6 daddr", source))]
    load(net.namespace(lab, "router"), chains)
    load(net.namespace(lab, "server"), [("input", line) for line in failure.server])
    net.name_hosts(lab, failure.dual6)
    # The MTU of IPv6 alone: IPv4 stays at 1500.
    for device in ("access", "lan"):
        net.run("ip", "netns", "exec", net.namespace(lab, "router"), "sysctl", "-qw",
                f"net.ipv6.conf.{device}.mtu={failure.mtu6}")
    net.forget_paths(lab)
    return [dict(loss, prefix=source or "::/0") for loss in failure.losses]


def rule(text: str, match: str, source: str | None) -> str:
    """A rule for IPv6 alone, limited to a client prefix if there is one."""
    if not text:
        return ""
    return f"{match} {source} {text}" if source else f"meta nfproto ipv6 {text}"


def load(name: str, rules: list[tuple[str, str]]) -> None:
    """Replaces the lab's own table; no other is touched."""
    lines = ["table inet lab {}", "delete table inet lab", "table inet lab {"]
    for hook in ("forward", "input"):
        lines.append(f"  chain {hook} {{ type filter hook {hook} priority 0; policy accept;")
        lines += [f"    {text}" for chain, text in rules if chain == hook and text]
        lines.append("  }")
    net.run("ip", "netns", "exec", name, "nft", "-f", "-", text="\n".join([*lines, "}"]) + "\n")
