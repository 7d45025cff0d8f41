"""Programs that people write themselves: the mail modules and sockets of Python, Perl, Java and Node.

Each reads the host, port, user, password, TLS mode and authority as arguments (a sender also the message's file), and
prints what it fetched.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ..proxy import java25
from .driver import Call, Driver, Errand

FOLDER = Path(__file__).parent


def arguments(errand: Errand, tls: str) -> list[str]:
    """In the order that all the programs have."""
    return [errand.host, str(errand.port), errand.user, errand.password, tls, str(errand.ca)]


def python(script: str, errand: Errand, tls: str) -> Call:
    return Call(["/usr/bin/python3", str(FOLDER / script), *arguments(errand, tls), str(errand.mail)])


def perl(script: str, errand: Errand, tls: str) -> Call:
    return Call(["perl", str(FOLDER / script), *arguments(errand, tls), str(errand.mail)])


@cache
def java() -> str:
    return java25()


def java_pop(errand: Errand, tls: str, *options: str) -> Call:
    return Call([java(), "-XX:TieredStopAtLevel=1", *options, str(FOLDER / "Pop.java"), *arguments(errand, tls)])


def node(errand: Errand, tls: str) -> Call:
    return Call(["node", str(FOLDER / "pop.mjs"), *arguments(errand, tls)])


PREFER6, SYSTEM = "-Djava.net.preferIPv6Addresses=true", "-Djava.net.preferIPv6Addresses=system"
SUBMIT_PL = ("libauthen-sasl-perl", "perl")

DRIVERS = [
    Driver("py-poplib", "pop3", "none", "python3", "python3", lambda errand: python("pop.py", errand, "none")),
    Driver("py-poplib-tls", "pop3", "implicit", "python3", "python3",
           lambda errand: python("pop.py", errand, "implicit")),
    Driver("py-smtplib", "submission", "none", "python3", "python3",
           lambda errand: python("submit.py", errand, "none")),
    Driver("py-smtplib-stls", "submission", "starttls", "python3", "python3",
           lambda errand: python("submit.py", errand, "starttls")),
    Driver("py-smtplib-tls", "submission", "implicit", "python3", "python3",
           lambda errand: python("submit.py", errand, "implicit")),
    Driver("perl-pop3", "pop3", "none", "perl", "perl", lambda errand: perl("pop.pl", errand, "none")),
    Driver("perl-pop3-tls", "pop3", "implicit", "libio-socket-ssl-perl", "perl",
           lambda errand: perl("pop.pl", errand, "implicit")),
    Driver("perl-smtp", "submission", "none", *SUBMIT_PL, lambda errand: perl("submit.pl", errand, "none")),
    Driver("perl-smtp-tls", "submission", "implicit", *SUBMIT_PL, lambda errand: perl("submit.pl", errand, "implicit")),
    Driver("java-default", "pop3", "none", "", "java", lambda errand: java_pop(errand, "none")),
    Driver("java-prefer6", "pop3", "none", "", "java", lambda errand: java_pop(errand, "none", PREFER6)),
    Driver("java-system", "pop3", "none", "", "java", lambda errand: java_pop(errand, "none", SYSTEM)),
    Driver("java-prefer6-tls", "pop3", "implicit", "", "java", lambda errand: java_pop(errand, "implicit", PREFER6)),
    Driver("node", "pop3", "none", "nodejs", "node", lambda errand: node(errand, "none")),
    Driver("node-tls", "pop3", "implicit", "nodejs", "node", lambda errand: node(errand, "implicit")),
]
