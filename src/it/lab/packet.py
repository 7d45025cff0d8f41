"""What the capture notes of an IP packet: families, flags, the announced segment size."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

TCP = 6
ICMPV6 = 58
FIN, SYN, RST, ACK = 1, 2, 4, 16


@dataclass(frozen=True)
class Packet:
    """Header fields of one packet; kind is SYN, SYN-ACK, RST, FIN, ICMP6-<type>-<code> or empty for the rest."""

    family: int
    source: str
    source_port: int
    destination: str
    destination_port: int
    kind: str
    length: int
    payload: int
    mss: int


def parse(raw: bytes) -> Packet | None:
    """Reads what the lab needs; extension headers and fragments are not followed. None: not IP."""
    if len(raw) < 20:
        return None
    if raw[0] >> 4 == 6 and len(raw) >= 40:
        protocol, header, source, destination = raw[6], 40, raw[8:24], raw[24:40]
        family = 6
    elif raw[0] >> 4 == 4:
        protocol, header, source, destination = raw[9], (raw[0] & 15) * 4, raw[12:16], raw[16:20]
        family = 4
    else:
        return None
    kind, ports, payload, mss = "", (0, 0), 0, 0
    body = raw[header:]
    if protocol == TCP and len(body) >= 20:
        offset = (body[12] >> 4) * 4
        ports = (int.from_bytes(body[0:2], "big"), int.from_bytes(body[2:4], "big"))
        kind, payload = tcp_kind(body[13]), len(body) - offset
        if kind.startswith("SYN"):
            mss = announced_mss(body[20:offset])
    elif protocol == ICMPV6 and family == 6 and len(body) >= 2:
        kind = f"ICMP6-{body[0]}-{body[1]}"
    return Packet(family, address(source), ports[0], address(destination), ports[1], kind, len(raw), payload, mss)


def tcp_kind(flags: int) -> str:
    """A name for the flags that matter here."""
    if flags & RST:
        return "RST"
    if flags & SYN:
        return "SYN-ACK" if flags & ACK else "SYN"
    return "FIN" if flags & FIN else ""


def announced_mss(options: bytes) -> int:
    """The segment size in a SYN's options, or 0."""
    i = 0
    while i < len(options) and options[i] != 0:
        if options[i] == 1:
            i += 1
        elif i + 1 >= len(options) or options[i + 1] < 2:
            break
        elif options[i] == 2:
            return int.from_bytes(options[i + 2 : i + 4], "big")
        else:
            i += options[i + 1]
    return 0


def address(raw: bytes) -> str:
    """In the canonical form."""
    return str(ipaddress.ip_address(raw))
