"""Clients are measured and judged rightly; a small matrix from end to end; the capture's reading of packets."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from . import proxy
from .backend import END_OF_MESSAGE, message
from .cell import Outcome
from .clients.driver import Call, Driver, Errand, Running
from .forwarder import Loss
from .lab import Lab
from .matrix import SHORT_CLIENTS, SHORT_FAILURES, deviations
from .net import is_dead
from .packet import parse
from .test_cleanup import until

OK = Outcome("a", "none", "ok", 6, False, None, 0.31, 1, 0, 0, True, 40.0, "")


class VerdictTest(unittest.TestCase):
    def test_words_of_the_table(self) -> None:
        back = replace(OK, family=4, fell_back=True, fallback_seconds=0.0213, syns4=1)
        for expected, outcome in (
                ("v6 0.3", OK), ("Y 0.02", back), ("4", replace(OK, family=4, syns6=0, syns4=1)),
                ("v6 0.3", replace(back, family=6)),  # both tried, IPv6 carried the mail
                ("N 0.3", replace(OK, outcome="failed")), ("N >40", replace(OK, outcome="hung")),
                ("N4 0.3", replace(back, outcome="failed")), ("N4 >40", replace(back, outcome="hung"))):
            self.assertEqual(expected, outcome.verdict)


class ExpectationTest(unittest.TestCase):
    def test_first_line_that_fits_counts(self) -> None:
        expected = "# words\n\nnone  mpop-*  v6\nnone  *  Y|4\n"
        for client, verdict, good in (("mpop-tls", OK, True), ("swaks", OK, False),
                                      ("mpop-tls", replace(OK, outcome="failed"), False)):
            found = deviations([replace(verdict, client=client)], expected)
            self.assertEqual(good, found == [], found)
        self.assertEqual([], deviations([replace(OK, failure="loss")], expected))

    def test_short_matrix_has_an_expectation_for_every_cell(self) -> None:
        expected = Path(__file__).with_name("short.expect").read_text()
        impossible = [replace(OK, client=client, failure=failure, family=4, syns6=0, syns4=1)
                      for client in SHORT_CLIENTS for failure in SHORT_FAILURES]
        self.assertEqual(len(impossible), len(deviations(impossible, expected)))


class CaptureTest(unittest.TestCase):
    ADDRESSES = bytes.fromhex("20010db8000100050000000000000009" "20010db8000200000000000000000010")

    def packet(self, flags: int, payload: int = 0, options: bytes = b"") -> bytes:
        tcp = (50000).to_bytes(2, "big") + (995).to_bytes(2, "big") + bytes(8)
        tcp += bytes([(20 + len(options)) // 4 << 4, flags]) + bytes(6) + options + bytes(payload)
        return b"\x60\0\0\0" + len(tcp).to_bytes(2, "big") + b"\x06\x40" + self.ADDRESSES + tcp

    def test_syn(self) -> None:
        found = parse(self.packet(2, options=bytes.fromhex("0101" "020404c4" "0000")))
        assert found
        self.assertEqual((6, "SYN", "2001:db8:1:5::9", 50000, "2001:db8:2::10", 995, 1220, 0),
                         (found.family, found.kind, found.source, found.source_port, found.destination,
                          found.destination_port, found.mss, found.payload))

    def test_flags(self) -> None:
        for flags, kind in ((18, "SYN-ACK"), (4, "RST"), (20, "RST"), (17, "FIN"), (16, ""), (24, "")):
            found = parse(self.packet(flags, 100))
            assert found
            self.assertEqual((kind, 100), (found.kind, found.payload))

    def test_damaged_options_and_other_bytes(self) -> None:
        for options in (b"\x02\x04\x05", b"\x02\x00\x05\xb4", b"\x03"):
            found = parse(self.packet(2, options=options + bytes(-len(options) % 4)))
            assert found
            self.assertIn(found.mss, (0, 0x0500))
        self.assertIsNone(parse(b""))
        self.assertIsNone(parse(bytes(60)))

    def test_loss_by_direction_size_prefix_and_chance(self) -> None:
        small, big = parse(self.packet(16)), parse(self.packet(16, 1300))
        assert small and big
        random = Random(1)
        hole = Loss(to="server", longer_than=1280)
        self.assertTrue(hole.hits("server", big, random))
        self.assertFalse(hole.hits("server", small, random))
        self.assertFalse(hole.hits("client", big, random))
        self.assertTrue(Loss(prefix="2001:db8:1:5::/64").hits("server", small, random))
        self.assertFalse(Loss(prefix="2001:db8:1:6::/64").hits("server", small, random))
        hits = sum(Loss(share=0.02).hits("server", small, random) for _ in range(10_000))
        self.assertTrue(120 < hits < 280, hits)


class MessageTest(unittest.TestCase):
    def test_sizes(self) -> None:
        for size in (0, 1000, 20 * 1024, 1 << 20):
            self.assertTrue(size <= len(message(size)) < size + 400, size)

    def test_metric_sum(self) -> None:
        text = '# HELP a b\na_total{family="ipv6",x="y"} 2.0\na_total{family="ipv4",x="y"} 3\nb 7\n'
        self.assertEqual(5.0, proxy.metric_sum(text, "a_total", {}))
        self.assertEqual(2.0, proxy.metric_sum(text, "a_total", {"family": "ipv6"}))
        self.assertEqual(7.0, proxy.metric_sum(text, "b", {}))


class EvidenceTest(unittest.TestCase):
    """A client's word that all is well is not enough."""

    def evidence(self, protocol: str, words: list[str], spooled: str = "") -> bool:
        with tempfile.TemporaryDirectory() as folder:
            home, spool = Path(folder, "home"), Path(folder, "spool")
            home.mkdir()
            spool.mkdir()
            (spool / "1.eml").write_text(spooled)
            errand = Errand(home, "", 0, "", Path(), "token-1", Path())
            running = Running(Driver("x", protocol, "none", "", "sh", lambda _: Call(words)), errand, [])
            self.assertEqual(0, running.wait(10))
            return running.has_evidence(spool)

    def test_fetched(self) -> None:
        self.assertFalse(self.evidence("pop3", ["true"]))
        self.assertFalse(self.evidence("pop3", ["echo", END_OF_MESSAGE[:-1]]))
        self.assertTrue(self.evidence("pop3", ["echo", END_OF_MESSAGE]))
        self.assertTrue(self.evidence("pop3", ["sh", "-c", 'mkdir new; echo "$0" >new/1', END_OF_MESSAGE]))

    def test_submitted(self) -> None:
        self.assertFalse(self.evidence("submission", ["echo", "token-1"]))
        self.assertTrue(self.evidence("submission", ["true"], "Subject: token-1"))

    def test_client_and_its_children_end_at_the_cap(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            call = Call(["sh", "-c", "sleep 600 & echo $!; wait"])
            running = Running(Driver("x", "pop3", "none", "", "sh", lambda _: call),
                              Errand(Path(folder), "", 0, "", Path(), "", Path()), [])
            while not running.log.read_text().endswith("\n"):
                self.assertIsNone(running.process.poll())
            self.assertIsNone(running.wait(0.1))
            until("the child is dead", lambda: is_dead(int(running.log.read_text())))


class EndToEndTest(unittest.TestCase):
    @staticmethod
    def facts(cell: dict[str, Any]) -> tuple[Any, ...]:
        return cell["outcome"], cell["family"], cell["fell_back"]

    def test_small_matrix(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            cells, table = Path(folder, "cells.json"), Path(folder, "table.md")
            subprocess.run([sys.executable, "-m", "lab", "--front", "plain", "--clients", "mpop-tls,swaks,curl-smtps",
                            "--failures", "none,no-listener,mtu-hole", "--lanes", "1", "--cap", "5",
                            "--json", str(cells), "--table", str(table)],
                           cwd=Path(__file__).parents[1], check=True, stdout=subprocess.DEVNULL)
            found = {(cell["client"], cell["failure"]): cell for cell in json.loads(cells.read_text())}
            lines = table.read_text().splitlines()
        self.assertEqual(9, len(found))
        for client in ("mpop-tls", "swaks", "curl-smtps"):
            self.assertEqual(("ok", 6, False), self.facts(found[client, "none"]))
            self.assertEqual(("hung", 6, False), self.facts(found[client, "mtu-hole"]))
            self.assertEqual("N >5", found[client, "mtu-hole"]["verdict"])
        for client in ("mpop-tls", "curl-smtps"):
            self.assertEqual(("ok", 4, True), self.facts(found[client, "no-listener"]))
            self.assertGreaterEqual(found[client, "no-listener"]["fallback_seconds"], 0.02)
        self.assertEqual("failed", found["swaks", "no-listener"]["outcome"])
        self.assertEqual("| client | none | no-listener | mtu-hole |", lines[0])
        self.assertEqual(5, len(lines))

    @unittest.skipUnless((proxy.PROJECT / "target" / "dualpost.jar").exists(), "needs mvn package")
    def test_dualpost_in_the_lab(self) -> None:
        with Lab() as lab:
            assert lab.proxy
            for client in ("mpop-tls", "curl-smtps"):
                self.assertEqual("ok", lab.client(client, "2001:db8:1:9::9", size=1 << 20).outcome)
                self.assertEqual("ok", lab.client(client, rescue=True).outcome)
            self.assertEqual({"2001:db8:1:9::9"}, {syn.source for syn in lab.syns(family=6)})
            self.assertEqual(2, lab.proxy.metric("dualpost_connections_total", family="ipv6"))
            for family in (6, 4):
                load = lab.load(20, concurrency=5, prefixes=4, family=family)
                self.assertEqual({"ok": 20}, load["ends"])
            self.assertEqual(4 + 1, len({syn.source for syn in lab.syns(family=6)}))
            lab.stop_proxy()
            self.assertEqual({"refused": 3}, lab.load(3)["ends"])
            self.assertEqual("failed", lab.client("curl-pop3s").outcome)
            lab.start_proxy("log: { level: debug }\n")
            self.assertEqual("ok", lab.client("curl-pop3s").outcome)


if __name__ == "__main__":
    unittest.main()
