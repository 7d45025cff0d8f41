"""The command: runs the matrix, or parts of it; prints the table and writes it and the cells as JSON."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from . import matrix, net
from .cell import Outcome
from .clients import DRIVERS
from .failures import FAILURES
from .lab import Lab, leave

PROGRAMS = {"ip": "iproute2", "nft": "nftables", "curl": "curl", "openssl": "openssl", "sysctl": "procps"}
# Of Perl: without the first, swaks knows no IPv6.
MODULES = {"swaks": {"IO::Socket::INET6": "libio-socket-inet6-perl", "Net::SSLeay": "libnet-ssleay-perl"},
           "perl": {"Authen::SASL": "libauthen-sasl-perl", "IO::Socket::SSL": "libio-socket-ssl-perl"}}


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="src/it/lab/run", description="Mail clients against failures of IPv6.")
    parser.add_argument("--clients", metavar="A,B", help="only these (default: all)")
    parser.add_argument("--failures", metavar="A,B", help="only these (default: all)")
    parser.add_argument("--short", action="store_true", help="the small matrix for CI, with a cap of 8 s")
    parser.add_argument("--cap", type=float, metavar="S", help="seconds for a cell (default: 40)")
    parser.add_argument("--lanes", type=int, default=0, metavar="N", help="labs side by side (default: 4, short: 3)")
    parser.add_argument("--attempts", type=int, default=1, metavar="N", help="runs from the same /64; the last counts")
    parser.add_argument("--front", choices=("dualpost", "plain"), default="dualpost",
                        help="who answers the clients: Dualpost, or the lab's own server")
    parser.add_argument("--gate", type=Path, metavar="FILE", help="YAML added to the proxy's configuration")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--table", type=Path, metavar="FILE", help="Markdown")
    parser.add_argument("--expect", type=Path, metavar="FILE", help="fail unless the verdicts are these (short.expect)")
    parser.add_argument("--list", action="store_true", help="print the names of clients and failures, and end")
    return parser.parse_args()


def missing(clients: list[str]) -> list[str]:
    """Debian packages that the chosen clients and the lab need and that are not there."""
    needed = dict(PROGRAMS)
    needed.update({DRIVERS[name].program: DRIVERS[name].package for name in clients if DRIVERS[name].package})
    packages = {package for program, package in needed.items() if not shutil.which(program)}
    for program in {DRIVERS[name].program for name in clients} & set(MODULES):
        for module, package in MODULES[program].items():
            if subprocess.run(["perl", f"-M{module}", "-e", "1"], capture_output=True, check=False).returncode != 0:
                packages.add(package)
    return sorted(packages)


def main() -> int:
    given = options()
    if given.list:
        print("clients: ", *DRIVERS)
        print("failures:", *FAILURES)
        return 0
    if os.geteuid() != 0:
        print("lab: makes network namespaces (expected: to run as root)", file=sys.stderr)
        return 2
    try:
        clients = matrix.clients(given.clients, given.short)
        failures = matrix.failure_names(given.failures, given.short)
        if packages := missing(clients):
            raise net.LabError(f"packages: missing: {' '.join(packages)} (expected: apt-get install them)")
        more = given.gate.read_text() if given.gate else ""
        expected = given.expect.read_text() if given.expect else ""
    except (net.LabError, OSError) as e:
        print(f"lab: {e}", file=sys.stderr)
        return 2
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):  # even if a shell said to ignore them
        signal.signal(number, leave)
    for lab in net.sweep():
        print(f"lab: removed {lab}, left behind by a run that was killed", file=sys.stderr)
    begun = time.monotonic()

    def report(outcome: Outcome) -> None:
        print(f"{time.monotonic() - begun:7.1f} {outcome.failure:17} {outcome.client:17} {outcome.verdict}", flush=True)

    whole = matrix.Matrix(clients, failures, cap=given.cap or (8.0 if given.short else 40.0), attempts=given.attempts,
                          make=lambda: Lab(front=given.front, more=more), report=report)
    try:
        whole.run(given.lanes or (3 if given.short else 4))
    except net.LabError as e:
        print(f"lab: {e}", file=sys.stderr)
        return 1
    finally:
        if given.json:
            given.json.write_text(json.dumps(whole.json(), indent=1) + "\n")
        if given.table:
            given.table.write_text(whole.table())
    print(whole.table())
    deviations = matrix.deviations(whole.outcomes, expected)
    for line in deviations:
        print(f"lab: {line}", file=sys.stderr)
    return 1 if deviations else 0


if __name__ == "__main__":
    sys.exit(main())
