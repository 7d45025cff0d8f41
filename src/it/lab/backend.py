"""The lab's own mail server: POP3 and submission that take every user with the password "secret".

The mailbox of user "size-N" holds one message of N octets, everybody else's one of 20 KiB; nothing is ever deleted.
Submitted messages become files in the spool. As the backend it listens on loopback without TLS; with a certificate it
also plays a whole server on the public addresses (`front: plain`), and on the silent address it accepts and says
nothing.
"""

from __future__ import annotations

import argparse
import base64
import itertools
import socket
import socketserver
import ssl
import sys
import threading
from collections.abc import Callable
from pathlib import Path

PASSWORD = "secret"
END_OF_MESSAGE = "-- the last line of the lab's message --"
NEXT = itertools.count(1)


def message(size: int) -> bytes:
    """A message of at least this size, with a last line to know it by."""
    head = "From: Lab <lab@example.test>\r\nTo: Reader <reader@example.test>\r\nSubject: lab\r\n" \
           "Date: Thu, 01 Jan 2026 00:00:00 +0000\r\nMessage-ID: <lab@example.test>\r\n\r\n"
    line = "All work and no play makes a dull packet of seventy octets, they say.\r\n"
    room = max(0, size - len(head) - len(END_OF_MESSAGE) - 2)
    return (head + line * -(-room // len(line)) + END_OF_MESSAGE + "\r\n").encode()


class Session(socketserver.StreamRequestHandler):
    """Lines in, lines out; TLS at once or at the client's word."""

    server: Door
    disable_nagle_algorithm = True

    def setup(self) -> None:
        if self.server.implicit and self.server.tls:
            self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        super().setup()

    def handle(self) -> None:
        try:
            self.talk()
        except (OSError, ValueError, UnicodeDecodeError):
            pass  # the client is gone or talks nonsense

    def finish(self) -> None:
        try:
            super().finish()
        except OSError:
            pass

    def talk(self) -> None:
        raise NotImplementedError

    def say(self, *lines: str) -> None:
        self.wfile.write("".join(line + "\r\n" for line in lines).encode())

    def hear(self) -> tuple[str, str]:
        line = self.rfile.readline(65536)
        if not line:
            raise ConnectionError
        verb, _, rest = line.decode("latin-1").rstrip("\r\n").partition(" ")
        return verb.upper(), rest

    def start_tls(self) -> None:
        assert self.server.tls
        self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        self.connection = self.request
        super().setup()

    def plain_login(self, initial: str) -> str | None:
        """The user of an AUTH PLAIN, or None."""
        if not initial:
            self.say("+ " if isinstance(self, Pop3) else "334 ")
            initial = self.rfile.readline(4096).decode("ascii").strip()
        _, user, password = base64.b64decode(initial).decode().split("\0")
        return user if password == PASSWORD else None


class Pop3(Session):
    """RFC 1939, one message."""

    def talk(self) -> None:
        self.say("+OK lab ready")
        user, mail = "", message(20 * 1024)
        while True:
            verb, rest = self.hear()
            match verb:
                case "CAPA":
                    tls = ["STLS"] if self.server.tls and not self.server.implicit else []
                    self.say("+OK", "USER", "SASL PLAIN", "TOP", "UIDL", "RESP-CODES", "PIPELINING", *tls, ".")
                case "STLS":
                    self.say("+OK")
                    self.start_tls()
                case "USER":
                    user = rest
                    self.say("+OK")
                case "PASS" if rest == PASSWORD:
                    mail = message(size_for(user))
                    self.say("+OK")
                case "AUTH" if rest.upper().startswith("PLAIN"):
                    name = self.plain_login(rest[6:])
                    mail = message(size_for(name or ""))
                    self.say("+OK" if name is not None else "-ERR [AUTH] no")
                case "PASS" | "AUTH":
                    self.say("-ERR [AUTH] no")
                case "STAT":
                    self.say(f"+OK 1 {len(mail)}")
                case "LIST":
                    self.say(*([f"+OK 1 {len(mail)}"] if rest else ["+OK", f"1 {len(mail)}", "."]))
                case "UIDL":
                    self.say(*(["+OK 1 lab1"] if rest else ["+OK", "1 lab1", "."]))
                case "RETR":
                    self.wfile.write(b"+OK\r\n" + mail + b".\r\n")
                case "TOP":
                    head, _, body = mail.partition(b"\r\n\r\n")
                    lines = body.splitlines(keepends=True)[: int(rest.split()[1])]
                    self.wfile.write(b"+OK\r\n" + head + b"\r\n\r\n" + b"".join(lines) + b".\r\n")
                case "QUIT":
                    self.say("+OK bye")
                    return
                case "NOOP" | "DELE" | "RSET":
                    self.say("+OK")
                case _:
                    self.say("-ERR unknown")


class Submission(Session):
    """RFC 6409, takes everything from those who are logged in."""

    def talk(self) -> None:
        self.say("220 backend.example.test ESMTP")
        known = False
        while True:
            verb, rest = self.hear()
            match verb:
                case "EHLO" | "HELO":
                    tls = ["STARTTLS"] if self.server.tls and not self.server.implicit else []
                    offers = ["PIPELINING", "SIZE 33554432", "8BITMIME", *tls]
                    self.say("250-backend.example.test", *(f"250-{offer}" for offer in offers), "250 AUTH PLAIN")
                case "STARTTLS":
                    self.say("220 go")
                    self.start_tls()
                case "AUTH" if rest.upper().startswith("PLAIN"):
                    known = self.plain_login(rest[6:]) is not None
                    self.say("235 2.7.0 ok" if known else "535 5.7.8 no")
                case "MAIL" | "RCPT":
                    self.say("250 2.1.0 ok" if known else "530 5.7.0 log in first")
                case "DATA":
                    self.say("354 go on")
                    self.keep()
                    self.say("250 2.0.0 kept")
                case "RSET" | "NOOP":
                    self.say("250 2.0.0 ok")
                case "QUIT":
                    self.say("221 2.0.0 bye")
                    return
                case _:
                    self.say("502 5.5.1 unknown")

    def keep(self) -> None:
        part = self.server.spool / f".{threading.get_ident()}"
        with part.open("wb") as file:
            while (line := self.rfile.readline()) != b".\r\n":
                if not line:
                    raise ConnectionError
                file.write(line)
        part.rename(self.server.spool / f"{next(NEXT)}.eml")


class Silent(Session):
    """Takes the connection, and that is all."""

    def talk(self) -> None:
        while self.request.recv(65536):
            pass


def size_for(user: str) -> int:
    """How large this user's message is."""
    name, _, size = user.partition("-")
    return int(size) if name == "size" and size.isdigit() else 20 * 1024


class Door(socketserver.ThreadingTCPServer):
    """One listening socket."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 1024

    def __init__(self, session: Callable[..., Session], address: str, port: int, spool: Path,
                 tls: ssl.SSLContext | None = None, implicit: bool = False) -> None:
        self.address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.spool, self.tls, self.implicit = spool, tls, implicit
        super().__init__((address, port), session)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away in the handshake is what the lab is about."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--spool", type=Path, required=True)
    parser.add_argument("--silent", help="address to accept on and say nothing")
    parser.add_argument("--front", nargs="*", default=[], help="addresses to play a whole server on")
    parser.add_argument("--chain", type=Path)
    parser.add_argument("--key", type=Path)
    options = parser.parse_args()
    for address in ("127.0.0.1", "::1"):
        Door(Pop3, address, 10110, options.spool)
        Door(Submission, address, 10587, options.spool)
    for port in (110, 995, 465, 587) if options.silent else ():
        Door(Silent, options.silent, port, options.spool)
    for address in options.front:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(options.chain, options.key)
        for session, port, implicit in ((Pop3, 110, False), (Pop3, 995, True), (Submission, 587, False),
                                        (Submission, 465, True)):
            Door(session, address, port, options.spool, tls, implicit)
    print("ready", flush=True)
    sys.stdin.read()  # until the lab ends


if __name__ == "__main__":
    main()
