"""Each failure does what it says, seen by plain sockets; the link has its delay. IPv4 stays healthy throughout."""

from __future__ import annotations

import errno
import re
import socket
import ssl
import unittest

from . import net
from .backend import END_OF_MESSAGE
from .failures import FAILURES
from .lab import Lab
from .net import LabError

PATIENCE = 2.0


class FailuresTest(unittest.TestCase):
    """One lab for all; its own server is in the proxy's place."""

    lab: Lab

    @classmethod
    def setUpClass(cls) -> None:
        cls.lab = cls.enterClassContext(Lab(front="plain"))

    def setUp(self) -> None:
        self.start = self.lab.mark()
        self.addCleanup(self.lab.heal)

    def connect(self, address: str = "", port: int = 110, source: str = "", role: str = "client") -> socket.socket:
        address = address or self.lab.address6
        with self.lab.inside(role):
            made = socket.create_connection((address, port), PATIENCE, (source, 0) if source else None)
        self.addCleanup(made.close)
        return made

    def hear(self, made: socket.socket, end: bytes = b"\r\n") -> bytes:
        heard = b""
        while end not in heard:
            chunk = made.recv(65536)
            if not chunk:
                break
            heard += chunk
        return heard

    def download(self, size: int = 20480, **where: str) -> bytes:
        made = self.connect(**where)  # type: ignore[arg-type]
        self.hear(made)
        for command in (f"USER size-{size}", "PASS secret"):
            made.sendall(f"{command}\r\n".encode())
            self.hear(made)
        made.sendall(b"RETR 1\r\n")
        return self.hear(made, END_OF_MESSAGE.encode())

    def upload(self) -> bytes:
        made = self.connect(port=587)
        self.hear(made)
        made.sendall(b"AUTH PLAIN AGxhYgBzZWNyZXQ=\r\nDATA\r\n")
        self.hear(made, b"354 go on\r\n")
        made.sendall(b"a line of twenty-two\r\n" * 1000 + b".\r\n")
        return self.hear(made, b"250 ")

    def healthy4(self) -> None:
        self.assertIn(END_OF_MESSAGE.encode(), self.download(address=net.SERVER4))

    def kinds(self, to: str, family: int = 6) -> list[str]:
        """What passed of the connections begun in this test; those of earlier ones may still be closing. And ICMPv6."""
        events = self.lab.wire.events(self.start, family=family)
        own = {(event.source, event.source_port) for event in events if event.kind == "SYN"}
        return [event.kind for event in events if event.to == to and (
            event.kind.startswith("ICMP6") or (event.source, event.source_port) in own
            or (event.destination, event.destination_port) in own)]

    def test_round_trip_is_20_ms(self) -> None:
        for address in (net.SERVER6, net.SERVER4):
            done = self.lab.client_exec(["ping", "-c", "10", "-i", "0.05", address], capture_output=True, text=True)
            found = re.search(r"= ([\d.]+)/([\d.]+)/", done.stdout)
            assert found, done
            self.assertGreaterEqual(float(found[1]), 20.0)
            self.assertLess(float(found[1]), 40.0)

    def test_none(self) -> None:
        self.assertIn(END_OF_MESSAGE.encode(), self.download())
        self.assertIn(b"250 ", self.upload())
        self.assertEqual(["SYN", "SYN"], [kind for kind in self.kinds("server") if kind.startswith("SYN")])
        self.healthy4()

    def test_tls_is_signed_by_the_labs_authority(self) -> None:
        context = ssl.create_default_context(cafile=self.lab.folder / "ca.pem")
        for protocol, port in (("pop3", 995), ("submission", 465)):
            for names in (net.DUAL_NAMES, net.RESCUE_NAMES):
                with context.wrap_socket(self.connect(port=port), server_hostname=names[protocol]) as made:
                    self.assertRegex(self.hear(made), rb"^(\+OK|220) ")

    def test_names_have_both_families(self) -> None:
        for name, addresses in (("pop.example.test", [net.SERVER6, net.SERVER4]),
                                ("smtp.example.test", [net.SERVER6, net.SERVER4]),
                                ("pop-v4.example.test", [net.SERVER4]), ("smtp-v4.example.test", [net.SERVER4])):
            done = self.lab.client_exec(["getent", "ahosts", name], capture_output=True, text=True)
            self.assertEqual(addresses, list(dict.fromkeys(line.split()[0] for line in done.stdout.splitlines())))

    def test_no_listener(self) -> None:
        self.lab.fail("no-listener")
        self.assertRaises(ConnectionRefusedError, self.connect)
        self.assertEqual(["RST"], self.kinds("client"))
        self.healthy4()

    def test_router_rst(self) -> None:
        self.lab.fail("router-rst")
        self.assertRaises(ConnectionRefusedError, self.connect)
        self.assertEqual(["RST"], self.kinds("client"))
        self.healthy4()

    def test_icmpv6_errors(self) -> None:
        for name, kind, code in (("admin-prohibited", "ICMP6-1-1", errno.EACCES),
                                 ("no-route", "ICMP6-1-0", errno.ENETUNREACH)):
            with self.subTest(name):
                self.start = self.lab.mark()
                self.lab.fail(name)
                with self.assertRaises(OSError) as caught:
                    self.connect()
                self.assertEqual(code, caught.exception.errno)
                self.assertEqual([kind], self.kinds("client"))
                self.healthy4()

    def test_syn_drop(self) -> None:
        self.lab.fail("syn-drop")
        self.assertRaises(TimeoutError, self.connect)
        self.assertGreaterEqual(len(self.lab.syns(self.start)), 2)
        self.assertEqual([], self.kinds("client"))
        self.assertEqual("", self.half_open())
        self.healthy4()

    def test_synack_drop(self) -> None:
        self.lab.fail("synack-drop")
        self.assertRaises(TimeoutError, self.connect)
        self.assertEqual([], self.kinds("client"))
        self.assertIn(net.CLIENT6, self.half_open())
        self.healthy4()

    def half_open(self) -> str:
        return str(self.lab.server_exec(["ss", "-6tnH", "state", "syn-recv"], capture_output=True, text=True).stdout)

    def test_mtu_hole(self) -> None:
        self.lab.fail("mtu-hole")
        self.assertTrue(self.hear(self.connect()).startswith(b"+OK"))
        self.assertRaises(TimeoutError, self.download)
        self.assertRaises(TimeoutError, self.upload)
        self.assertEqual([], [kind for kind in self.kinds("client") if kind.startswith("ICMP6")])
        self.healthy4()

    def test_told_mtu_and_the_hole_again(self) -> None:
        self.lab.fail("mtu-told")
        self.assertIn(b"250 ", self.upload())
        self.assertIn("ICMP6-2-0", self.kinds("client"))
        self.assertTrue(self.knows_mtu("client", net.SERVER6))
        self.lab.fail("mtu-told")  # forgets, or the client's SYN would announce what it has learned
        self.assertIn(END_OF_MESSAGE.encode(), self.download())
        self.assertTrue(self.knows_mtu("server", net.CLIENT6))
        self.healthy4()
        # Unless that is forgotten, they now walk around the hole.
        self.lab.fail("mtu-hole")
        self.assertRaises(TimeoutError, self.download)
        self.assertRaises(TimeoutError, self.upload)

    def knows_mtu(self, role: str, destination: str) -> bool:
        words = ["ip", "-6", "route", "get", destination]
        run = self.lab.client_exec if role == "client" else self.lab.server_exec
        return "mtu 1280" in run(words, capture_output=True, text=True).stdout

    def test_big_client_packets(self) -> None:
        self.lab.fail("big-client")
        self.assertIn(END_OF_MESSAGE.encode(), self.download())
        self.assertRaises(TimeoutError, self.upload)
        self.healthy4()

    def test_silent(self) -> None:
        self.lab.fail("silent")
        made = self.connect()
        made.sendall(b"CAPA\r\n")
        self.assertRaises(TimeoutError, made.recv, 1)
        self.assertIn("SYN-ACK", self.kinds("client"))
        self.healthy4()

    def test_loss(self) -> None:
        self.lab.fail("loss")
        self.lab.wire.ask("reset")
        self.assertIn(END_OF_MESSAGE.encode(), self.download(1 << 20))
        self.healthy4()
        counts = self.lab.wire.counts()
        self.assertGreater(counts["lost6"], 0)
        self.assertLess(counts["lost6"] / counts["packets6"], 0.06)
        self.assertEqual(0, counts["lost4"])

    def test_backends(self) -> None:
        for name, alive in (("backend-v4-only", ["127.0.0.1"]), ("backend-v6-only", ["::1"]), ("backend-dead", [])):
            self.lab.fail(name)
            for address in ("127.0.0.1", "::1"):
                for port in (10110, 10587):
                    with self.subTest(name, address=address, port=port):
                        if address in alive:
                            self.hear(self.connect(address, port, role="server"))
                        else:
                            self.assertRaises(ConnectionRefusedError, self.connect, address, port, role="server")
            self.healthy4()

    def test_one_prefix_alone(self) -> None:
        broken, well = "2001:db8:1:5::9", "2001:db8:1:6::9"
        self.lab.fail("router-rst", "2001:db8:1:5::/64")
        self.assertRaises(ConnectionRefusedError, self.connect, source=broken)
        self.connect(source=well)
        self.lab.fail("synack-drop", "2001:db8:1:5::/64")
        self.assertRaises(TimeoutError, self.connect, source=broken)
        self.connect(source=well)
        self.lab.fail("mtu-hole", "2001:db8:1:5::/64")
        self.assertRaises(TimeoutError, self.download, source=broken)
        self.assertIn(END_OF_MESSAGE.encode(), self.download(source=well))
        self.assertRaises(LabError, self.lab.fail, "mtu-told", "2001:db8:1:5::/64")

    def test_programs_come_from_the_chosen_source(self) -> None:
        for source in ("2001:db8:1:77::9", net.CLIENT6):
            self.lab.use_source(source)
            self.connect()
            self.assertEqual(source, self.lab.syns(self.start)[-1].source)

    def test_capture_reads_the_announced_mss(self) -> None:
        self.connect()
        self.connect(net.SERVER4)
        events = self.lab.wire.events(self.start)
        self.assertEqual([(6, 1440), (6, 1440), (4, 1460), (4, 1460)],
                         [(event.family, event.mss) for event in events if event.mss])

    def test_unknown_failure_is_named(self) -> None:
        with self.assertRaisesRegex(LabError, "mtu-hole"):
            self.lab.fail("mtu-hall")

    def test_every_failure_can_be_switched_on_and_off(self) -> None:
        for name in FAILURES:
            self.lab.fail(name)
            self.lab.heal()
            self.connect()


if __name__ == "__main__":
    unittest.main()
