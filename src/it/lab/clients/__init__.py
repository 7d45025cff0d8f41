"""The mail clients of the lab, by name, in the order of the table."""

from __future__ import annotations

from . import pop3, programs, submission
from .driver import Driver

DRIVERS: dict[str, Driver] = {
    driver.name: driver
    for protocol in ("pop3", "submission")
    for driver in [*pop3.DRIVERS, *submission.DRIVERS, *programs.DRIVERS]
    if driver.protocol == protocol
}
