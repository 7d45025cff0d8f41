"""One client against one failure: run, measured by the capture, judged."""

from __future__ import annotations

import secrets
import shutil
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import net
from .backend import message
from .clients import DRIVERS
from .clients.driver import Errand, Running

if TYPE_CHECKING:
    from .lab import Lab

TAIL = 2000


@dataclass(frozen=True)
class Outcome:
    """What came of it; seconds count from the client's first SYN."""

    client: str
    failure: str
    outcome: str  # "ok", "failed" or "hung" (killed at the cap)
    family: int | None  # that carried the mail, or most of what was said; None: no data at all
    fell_back: bool  # an IPv4 SYN after an IPv6 one
    fallback_seconds: float | None  # from the first IPv6 SYN to the first IPv4 SYN
    seconds: float
    syns6: int
    syns4: int
    exit: int | None
    evidence: bool  # the mail arrived whole
    cap: float
    said: str  # the end of the client's output

    @property
    def verdict(self) -> str:
        """As in the table: see README.md."""
        if self.outcome == "ok":
            if self.fell_back and self.family == 4:
                return f"Y {self.fallback_seconds:.2f}"
            return "4" if self.syns6 == 0 else f"v6 {self.seconds:.1f}"
        lasted = f">{self.cap:.0f}" if self.outcome == "hung" else f"{self.seconds:.1f}"
        return f"{'N' if self.syns4 == 0 else 'N4'} {lasted}"


def run(lab: Lab, name: str, size: int, cap: float, rescue: bool) -> Outcome:
    """The paths are forgotten first, so that no cell knows what an earlier one learned."""
    if name not in DRIVERS:
        raise net.LabError(f"client: {name} (expected: one of {', '.join(DRIVERS)})")
    driver = DRIVERS[name]
    net.forget_paths(lab.id)
    token = f"token-{secrets.token_hex(8)}"
    folder = lab.folder / "cells" / token
    folder.mkdir(parents=True, mode=0o700)
    mail = lab.folder / "cells" / f"{token}.eml"
    head, _, body = message(size).partition(b"\r\n\r\n")
    mail.write_bytes(b"\n\n".join((head, token.encode(), body)).replace(b"\r\n", b"\n"))
    names = net.RESCUE_NAMES if rescue else net.DUAL_NAMES
    errand = Errand(folder, names[driver.protocol], driver.port, f"size-{size}", lab.folder / "ca.pem", token, mail)
    start = lab.mark()
    running = Running(driver, errand, lab.words("client", []))
    lab.children.append(running.process)
    status = running.wait(cap)
    end = time.monotonic()
    lab.children.remove(running.process)
    lab.check()
    evidence = running.has_evidence(lab.spool)
    said = running.log.read_bytes()[-TAIL:].decode(errors="replace") if not evidence or status else ""
    syns = lab.syns(start)
    first = {family: next((syn.time for syn in syns if syn.family == family), None) for family in (4, 6)}
    carried = lab.wire.carried(start)
    begun = min((time for time in first.values() if time is not None), default=start)
    fallback = first[4] - first[6] if first[4] is not None and first[6] is not None else None
    ok = status == 0 and evidence
    shutil.rmtree(folder)
    mail.unlink()
    return Outcome(
        client=name, failure=lab.failure_name, outcome="ok" if ok else "hung" if status is None else "failed",
        family=max(carried, key=lambda family: carried[family]) if any(carried.values()) else None,
        fell_back=fallback is not None and fallback >= 0,
        fallback_seconds=round(fallback, 3) if fallback is not None else None, seconds=round(end - begun, 3),
        syns6=sum(syn.family == 6 for syn in syns), syns4=sum(syn.family == 4 for syn in syns), exit=status,
        evidence=evidence, cap=cap, said=said.strip())
