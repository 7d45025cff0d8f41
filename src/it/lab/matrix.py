"""Every client against every failure: which cells, in which lab, and the table of what came of them."""

from __future__ import annotations

import queue
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from fnmatch import fnmatch
from typing import Any

from . import net
from .cell import Outcome
from .clients import DRIVERS
from .failures import FAILURES, find
from .lab import Lab

SHORT_CLIENTS = ("mpop-tls", "curl-pop3s", "s_client-tls", "msmtp-starttls", "py-smtplib-tls")
SHORT_FAILURES = ("none", "no-listener", "router-rst", "syn-drop", "mtu-hole", "backend-dead")
SETTLE_SECONDS = 45


class Matrix:
    """Cells are shared out among labs of their own, one lane each, so that no lane disturbs another."""

    def __init__(self, clients: Sequence[str], failures: Sequence[str], *, cap: float, attempts: int,
                 make: Callable[[], Lab], report: Callable[[Outcome], None]) -> None:
        self.clients, self.failures = clients, failures
        self.cap, self.attempts, self.make, self.report = cap, attempts, make, report
        self.cells: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
        for failure in failures:
            for client in clients:
                self.cells.put((failure, client))
        self.outcomes: list[Outcome] = []
        self.faults: list[BaseException] = []
        self.labs: list[Lab] = []
        self.stopped = threading.Event()

    def run(self, lanes: int) -> None:
        """Until every cell is done; an exception in the main thread (a signal) ends all lanes."""
        threads = [threading.Thread(target=self.lane) for _ in range(lanes)]
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                while thread.is_alive():
                    thread.join(0.2)
        finally:
            self.stopped.set()
            for lab in self.labs:
                lab.close()
            for thread in threads:
                thread.join()
            for lab in self.labs:  # what a lane made in the meantime
                lab.close()
        if self.faults:
            raise self.faults[0]

    def lane(self) -> None:
        try:
            self.work()
        except BaseException as e:  # carried to the main thread
            if not self.stopped.is_set():
                self.faults.append(e)
            self.stopped.set()

    def work(self) -> None:
        lab = self.make()
        self.labs.append(lab)
        with lab:
            number = 0
            while not self.stopped.is_set():
                try:
                    failure, client = self.cells.get_nowait()
                except queue.Empty:
                    return
                if lab.failure_name != failure:
                    switch(lab, failure)
                number += 1
                # Each cell comes from a /64 of its own: what a gate learned of one is no matter to the next.
                source = f"2001:db8:1:{number:x}::9"
                tries = [lab.client(client, source, cap=self.cap) for _ in range(self.attempts)]
                self.outcomes.append(tries[-1])
                self.report(tries[-1])

    def json(self) -> list[dict[str, Any]]:
        """One object for each cell, in the order of the table."""
        rank = {(outcome.client, outcome.failure): outcome for outcome in self.outcomes}
        done = [rank[client, failure] for client in self.clients for failure in self.failures
                if (client, failure) in rank]
        return [{**asdict(outcome), "verdict": outcome.verdict} for outcome in done]

    def table(self) -> str:
        """In Markdown."""
        verdicts = {(outcome.client, outcome.failure): outcome.verdict for outcome in self.outcomes}
        lines = ["| client | " + " | ".join(self.failures) + " |", "|---" * (len(self.failures) + 1) + "|"]
        for client in self.clients:
            lines.append("| " + " | ".join([client, *(verdicts.get((client, failure), "-")
                                                      for failure in self.failures)]) + " |")
        return "\n".join(lines) + "\n"


def switch(lab: Lab, failure: str) -> None:
    """To another failure; when backends went or came back, not before the proxy has noticed."""
    backends = find(lab.failure_name).backend or find(failure).backend
    lab.fail(failure)
    end = time.monotonic() + SETTLE_SECONDS
    while backends and lab.proxy and not lab.proxy.knows_backends(alive=failure != "backend-dead"):
        if time.monotonic() > end:
            raise net.LabError(f"{failure}: not noticed by the proxy: {lab.proxy.readiness()}")
        for client in ("curl-pop3s", "curl-smtps"):  # a login is noticed sooner than the next probe
            lab.client(client, rescue=True, cap=10)


def chosen(words: str | None, known: Sequence[str], default: Sequence[str], what: str) -> list[str]:
    """The names in a comma-separated option."""
    names = words.split(",") if words else list(default)
    for name in names:
        if name not in known:
            raise net.LabError(f"{what}: {name} (expected: some of {','.join(known)})")
    return names


def clients(words: str | None, short: bool) -> list[str]:
    return chosen(words, list(DRIVERS), SHORT_CLIENTS if short else list(DRIVERS), "--clients")


def failure_names(words: str | None, short: bool) -> list[str]:
    return chosen(words, list(FAILURES), SHORT_FAILURES if short else list(FAILURES), "--failures")


def deviations(outcomes: Sequence[Outcome], expected: str) -> list[str]:
    """Cells whose verdict is not what short.expect or a file like it says; cells it does not name are free."""
    rules = [line.split(None, 2) for line in expected.splitlines() if line.strip() and not line.startswith("#")]
    found = []
    for outcome in outcomes:
        fitting = (verdict for failure, clients, verdict in rules
                   if failure == outcome.failure and fnmatch(outcome.client, clients))
        pattern = next(fitting, None)
        if pattern is not None and not re.fullmatch(pattern.strip(), outcome.verdict.split()[0]):
            found.append(f"{outcome.failure} {outcome.client}: {outcome.verdict} (expected: {pattern.strip()}) "
                         f"{outcome.said}")
    return found
