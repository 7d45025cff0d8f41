"""How a mail client is driven: what it is given, what it leaves behind, and what is taken as success."""

from __future__ import annotations

import os
import pty
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from ..backend import END_OF_MESSAGE, PASSWORD

PORTS = {("pop3", "none"): 110, ("pop3", "starttls"): 110, ("pop3", "implicit"): 995,
         ("submission", "none"): 587, ("submission", "starttls"): 587, ("submission", "implicit"): 465}


@dataclass(frozen=True)
class Errand:
    """One run of a client: fetch the message, or submit one whose subject and body carry the token."""

    folder: Path  # the client's home, empty
    host: str
    port: int
    user: str
    ca: Path
    token: str
    mail: Path  # what to submit
    password: str = PASSWORD

    @property
    def box(self) -> Path:
        """Where a client may deliver to."""
        return self.folder / "box"

    def write(self, name: str, text: str, mode: int = 0o600) -> str:
        """A file of settings; returns its path."""
        path = self.folder / name
        path.write_text(text)
        path.chmod(mode)
        return str(path)


@dataclass(frozen=True)
class Call:
    """A command line, with a file as its input if it reads the message there."""

    words: list[str]
    input: Path | bytes | None = None
    environment: dict[str, str] = field(default_factory=dict)
    terminal: bool = False  # it insists on one


@dataclass(frozen=True)
class Driver:
    """A client in one protocol and TLS mode: "none", "starttls" or "implicit"."""

    name: str
    protocol: str
    tls: str
    package: str
    program: str
    call: Callable[[Errand], Call]

    @property
    def port(self) -> int:
        return PORTS[self.protocol, self.tls]


class Running:
    """A client at work, with a home and an output file of its own."""

    def __init__(self, driver: Driver, errand: Errand, enter: list[str]) -> None:
        self.driver, self.errand = driver, errand
        call = driver.call(errand)
        self.log = errand.folder / "output"
        home = str(errand.folder)
        environment = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": home,
                       "LANG": "C.UTF-8", "LOGNAME": "root", "USER": "root", "TERM": "xterm", **call.environment}
        if isinstance(call.input, bytes):
            (errand.folder / "input").write_bytes(call.input)
        source = errand.folder / "input" if isinstance(call.input, bytes) else call.input or Path(os.devnull)
        with self.log.open("wb") as log, source.open("rb") as stdin:
            words = [*enter, *call.words]
            if call.terminal:
                self.process = self.on_terminal(words, environment)
            else:
                self.process = subprocess.Popen(words, stdin=stdin, stdout=log, stderr=subprocess.STDOUT,
                                                cwd=home, env=environment, start_new_session=True)

    def on_terminal(self, words: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
        master, slave = pty.openpty()
        process = subprocess.Popen(words, stdin=slave, stdout=slave, stderr=slave, cwd=self.errand.folder,
                                   env=environment, start_new_session=True)
        os.close(slave)
        threading.Thread(target=drain, args=(master, self.log.open("ab")), daemon=True).start()
        return process

    def wait(self, cap: float) -> int | None:
        """Its exit status, or None if it had to be killed at the cap."""
        try:
            return self.process.wait(cap)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, 9)  # a session of its own: it and its children
            self.process.wait()
            return None

    def has_evidence(self, spool: Path) -> bool:
        """The fetched message is whole in a file of the client's or in its output, the submitted one in the spool."""
        if self.driver.protocol == "submission":
            return any(self.errand.token.encode() in file.read_bytes() for file in spool.glob("*.eml"))
        files = [path for path in self.errand.folder.rglob("*") if path.is_file()]
        return any(END_OF_MESSAGE.encode() in path.read_bytes() for path in files)


def drain(master: int, log: IO[bytes]) -> None:
    """Keeps what a program says on its terminal."""
    with log:
        try:
            while chunk := os.read(master, 65536):
                log.write(chunk)
        except OSError:  # nobody holds the terminal any more
            pass
    os.close(master)
