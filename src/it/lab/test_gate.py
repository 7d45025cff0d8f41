"""What the gate does for real clients: heals, ends, learns, refuses, withdraws. Times are printed, not judged closely."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import unittest
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from . import __main__, net, proxy
from .clients import DRIVERS
from .lab import Lab

BROKEN = "2001:db8:1:5::/64"
THERE = "2001:db8:1:5::9"
ELSEWHERE = "2001:db8:1:6::9"
BIG = 1 << 20
# Of the run with loss; 10,000 for a closer look.
SESSIONS = int(os.environ.get("LAB_SESSIONS", "1000"))


def listens(lab: Lab, address: str, port: int) -> bool:
    with lab.inside("server"), contextlib.suppress(ConnectionRefusedError), socket.create_connection((address, port), 5):
        return True
    return False


def until(what: Callable[[], bool], seconds: float) -> float:
    """Waits for something to be so, and says how long that took."""
    begun = time.monotonic()
    while not what():
        if time.monotonic() - begun > seconds:
            raise AssertionError(f"not so after {seconds} s")
        time.sleep(0.05)
    return time.monotonic() - begun


class GateTest(unittest.TestCase):
    """A lab and a proxy of its own for each."""

    def lab(self, ipv6: str, front: str = "dualpost", listener: str = "") -> Lab:
        more = f"gate: {{ ipv6: {{ {ipv6} }} }}\n" if ipv6 else ""
        return self.enterContext(Lab(front=front, more=more, listener=listener))

    def kernel_gate(self, lab: Lab) -> subprocess.Popen[bytes]:
        with (lab.folder / "gate.log").open("ab") as log:
            gate = lab.popen("server", [proxy.java25(), "-XX:+UseSerialGC", "-Xmx64m",
                                        "--enable-native-access=ALL-UNNAMED", "-jar", str(proxy.jar()), "kernel-gate",
                                        "--socket", f"{lab.folder}/gate.sock", "--allow", "root"],
                             stdout=log, stderr=log)
        until((lab.folder / "gate.sock").exists, 60)
        return gate

    def records(self, lab: Lab, **like: Any) -> list[dict[str, Any]]:
        assert lab.proxy
        time.sleep(0.2)  # The log gathers lines for 50 ms before it writes them.
        lines = [json.loads(line) for line in lab.proxy.records.read_text().splitlines()]
        return [line for line in lines if all(line.get(key) == value for key, value in like.items())]

    def begun(self, lab: Lab) -> int:
        return int(self.metric(lab, "dualpost_connections_total", family="ipv6"))

    def metric(self, lab: Lab, name: str, **labels: str) -> float:
        assert lab.proxy
        return lab.proxy.metric(name, **labels)

    def told(self, what: str, **figures: Any) -> None:
        print(f"{what}: " + ", ".join(f"{name} {value}" for name, value in figures.items()))

    def test_small_segments_heal_the_hole_in_both_directions(self) -> None:
        lab = self.lab("")
        lab.fail("mtu-hole")
        self.assertEqual(__main__.missing([*DRIVERS]), [])
        for client in DRIVERS:
            outcome = lab.client(client, size=BIG, cap=20)
            self.told("hole, MSS 1220, 1 MiB", client=client, seconds=round(outcome.seconds, 2))
            # Java asks for IPv4 first, unless told otherwise.
            self.assertEqual((outcome.outcome, outcome.family), ("ok", 4 if client == "java-default" else 6), outcome)

    def test_from_the_first_stall_to_a_network_that_is_refused_at_the_syn(self) -> None:
        lab = self.lab("", front="none")
        self.kernel_gate(lab)
        lab.start_proxy(f"gate: {{ ipv6: {{ mss: 0, mode: enforce, kernel: {lab.folder}/gate.sock }} }}\n")
        until(lambda: self.metric(lab, "dualpost_gate_kernel_up") == 1, 30)
        lab.fail("mtu-hole", BROKEN)
        begun = time.monotonic()
        for client in ("mpop-tls", "msmtp-tls"):
            outcome = lab.client(client, THERE, cap=30)
            self.told("hole, MSS of the interface", client=client, ended_after=round(outcome.seconds, 2))
            self.assertEqual(outcome.outcome, "failed", outcome)
        self.told("learned", seconds_from_the_first_stall=round(time.monotonic() - begun, 2))
        for client in ("mpop-tls", "fetchmail-tls", "curl-pop3s", "msmtp-tls"):
            outcome = lab.client(client, THERE, cap=30)
            self.assertTrue(outcome.fell_back and outcome.outcome == "ok", outcome)
            self.told("refused", client=client, fell_back_after=outcome.fallback_seconds)
        self.assertEqual(lab.client("swaks-tls", THERE, cap=30).outcome, "failed")
        self.assertEqual(lab.client("mpop-tls", ELSEWHERE, cap=30).family, 6)
        self.assertEqual(len(self.records(lab, cause="stalled", path="path_mtu", ended_by="proxy")), 2)
        self.assertEqual(self.metric(lab, "dualpost_gate_learned_total", verdict="path_mtu"), 1)
        until(lambda: self.metric(lab, "dualpost_gate_refusals_total", method="kernel") == 5, 30)

    def test_without_the_kernel_a_refused_network_is_reset_after_accept(self) -> None:
        lab = self.lab('mode: enforce, refuse: ["2001:db8:1:5::/64"]')
        outcome = lab.client("mpop-tls", THERE, cap=30)
        self.assertEqual((outcome.outcome, outcome.fell_back), ("failed", False), outcome)
        self.assertEqual(len(self.records(lab, cause="network_refused")), 1)
        self.assertEqual(lab.client("mpop-tls", ELSEWHERE, cap=30).family, 6)

    def test_a_kernel_gate_that_hangs_dies_and_comes_back_goes_on_refusing(self) -> None:
        lab = self.lab("", front="none")
        first = self.kernel_gate(lab)
        lab.start_proxy(f"gate: {{ ipv6: {{ mode: enforce, refuse: ['{BROKEN}'], "
                        f"kernel: {lab.folder}/gate.sock }} }}\n")

        def is_up(up: int) -> None:
            until(lambda: self.metric(lab, "dualpost_gate_kernel_up") == up, 40)
            outcome = lab.client("mpop-tls", THERE, cap=30)
            self.assertTrue(outcome.fell_back and outcome.outcome == "ok", outcome)
            self.assertEqual(lab.client("mpop-tls", ELSEWHERE, cap=30).family, 6)

        is_up(1)
        first.send_signal(signal.SIGSTOP)
        is_up(0)
        first.send_signal(signal.SIGCONT)
        is_up(1)
        first.kill()
        first.wait()
        is_up(0)
        self.kernel_gate(lab)
        is_up(1)
        self.assertEqual(self.metric(lab, "dualpost_gate_refusals_total", method="reset"), 0)

    def test_a_network_whose_time_is_over_is_tried_with_one_connection(self) -> None:
        library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
        self.assertIsNotNone(library, "package missing: faketime")
        lab = self.lab("", front="none")
        gate, clock = self.kernel_gate(lab), lab.folder / "clock"
        clock.write_text("+0")
        more = f"gate: {{ ipv6: {{ mss: 0, mode: enforce, kernel: {lab.folder}/gate.sock }} }}\n"
        lab.start_proxy(more, environment={
            "LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_CACHE_DURATION": "1"})

        def up(is_up: int) -> None:
            until(lambda: self.metric(lab, "dualpost_gate_kernel_up") == is_up, 40)

        def come() -> dict[str, int]:
            return dict(lab.load(1, prefixes=1, patience=10)["ends"])

        def later(hours: int) -> None:
            # The kernel's own clock stands; a gate that starts has from the proxy what is refused now.
            nonlocal gate
            clock.write_text(f"+{hours}h")
            time.sleep(2)  # it is read once a second
            gate.terminate()
            gate.wait()
            up(0)
            gate = self.kernel_gate(lab)
            up(1)

        up(1)
        lab.fail("mtu-hole")
        self.assertEqual([come() for _ in range(3)], [{"reset": 1}, {"reset": 1}, {"refused": 1}])
        later(2)
        with ThreadPoolExecutor() as threads:
            canary = threads.submit(come)
            until(lambda: self.begun(lab) == 3, 10)
            others = [come() for _ in range(2)]
        self.assertEqual((canary.result(), others), ({"reset": 1}, [{"refused": 1}] * 2))
        self.assertEqual((come(), self.metric(lab, "dualpost_gate_learned_total")), ({"refused": 1}, 2))
        later(3)  # twice as long
        self.assertEqual(come(), {"refused": 1})
        lab.heal()
        later(5)
        self.assertEqual([come() for _ in range(2)], [{"ok": 1}] * 2)
        self.assertEqual(self.metric(lab, "dualpost_gate_forgotten_total"), 1)

    def test_what_comes_through_a_balancer_teaches_nothing(self) -> None:
        self.assertIsNotNone(shutil.which("haproxy"), "package missing: haproxy")
        lab = self.lab("mss: 0, mode: enforce", listener=f"proxy_from: ['{net.SILENT6}/128']")
        (lab.folder / "haproxy.cfg").write_text("defaults\n  mode tcp\n  timeout connect 5s\n  timeout client 60s\n"
                                                "  timeout server 60s\n" + "".join(
            f"listen p{port}\n  bind [{net.DEAF6}]:{port}\n"
            f"  server d [{net.SERVER6}]:{port} send-proxy-v2 source [{net.SILENT6}]\n" for port in (995, 465)))
        lab.popen("server", ["haproxy", "-db", "-f", f"{lab.folder}/haproxy.cfg"])
        # A client that came before it listens would be refused, and go to IPv4.
        until(lambda: all(listens(lab, net.DEAF6, port) for port in (995, 465)), 10)
        lab.fail("mtu-hole", BROKEN)
        net.name_hosts(lab.id, net.DEAF6)
        for client in ("mpop-tls", "msmtp-tls", "curl-pop3s"):
            found = lab.client(client, THERE, cap=12)
            self.assertEqual(found.outcome, "hung", found)
        self.assertEqual(lab.client("mpop-tls", ELSEWHERE, cap=20).family, 6)
        with lab.inside("client"):
            silent = socket.create_connection((net.DEAF6, 995), 5)
        with contextlib.closing(silent):
            silent.settimeout(7)
            self.assertRaises(TimeoutError, silent.recv, 1)
        lab.fail("loss")
        for given in ({"sessions": 500, "concurrency": 40, "prefixes": 50},
                      {"sessions": 100, "concurrency": 100, "pause": 6.0, "prefixes": 1}):
            outcome = lab.load(address=net.DEAF6, **given)
            self.told("2 % loss before a balancer", **outcome)
            self.assertEqual(outcome["ends"], {"ok": given["sessions"]})
        self.assertEqual(self.metric(lab, "dualpost_gate_learned_total"), 0)
        self.assertEqual(self.records(lab, cause="stalled"), [])
        self.assertGreater(len(self.records(lab, client_net="2001:db8:1:f000::/64")), 100)

    def test_observing_learns_and_refuses_nobody(self) -> None:
        lab = self.lab("mss: 0, mode: observe")
        lab.fail("mtu-hole", BROKEN)
        for _ in range(2):
            self.assertEqual(lab.client("mpop-tls", THERE, cap=30).outcome, "failed")
        lab.heal()
        self.assertEqual(lab.client("mpop-tls", THERE, cap=30).family, 6)
        self.assertEqual(self.metric(lab, "dualpost_gate_learned_total"), 1)
        self.assertEqual(self.metric(lab, "dualpost_gate_forgotten_total"), 1)
        self.assertEqual(self.metric(lab, "dualpost_gate_refusals_total", method="observed"), 1)

    def test_a_connection_that_nothing_comes_by_is_reset_over_ipv6_alone(self) -> None:
        lab = self.lab("")
        for address, family in ((lab.address6, "ipv6"), ("192.0.2.10", "ipv4")):
            with lab.inside("client"):
                client = socket.create_connection((address, 995), 5)
            with contextlib.closing(client):
                client.settimeout(6)
                begun = time.monotonic()
                if family == "ipv6":
                    self.assertRaises(ConnectionResetError, client.recv, 1)
                    self.told("silent", reset_after=round(time.monotonic() - begun, 2))
                    self.assertLess(time.monotonic() - begun, 5.5)
                else:
                    self.assertRaises(TimeoutError, client.recv, 1)
            self.assertEqual(self.metric(lab, "dualpost_guard_verdicts_total", family=family, verdict="silent"), 1)
        self.assertEqual(self.metric(lab, "dualpost_gate_learned_total"), 0)

    def test_ipv6_is_withdrawn_while_no_backend_is_there(self) -> None:
        lab = self.lab("")
        lab.fail("backend-dead")
        lab.client("mpop-tls", cap=20)
        lab.client("msmtp-tls", cap=20)
        withdrawn = "dualpost_listener_withdrawn"
        took = until(lambda: self.metric(lab, withdrawn, reason="backends", family="ipv6") == 4, 60)
        self.told("no backend", withdrawn_after=round(took, 1))
        start = lab.mark()
        with lab.inside("client"), self.assertRaises(ConnectionRefusedError):
            socket.create_connection((lab.address6, 995), 5)
        self.assertEqual(len(lab.syns(start, family=6)), 1)
        with lab.inside("client"):
            socket.create_connection(("192.0.2.10", 995), 5).close()
        lab.heal()
        took = until(lambda: self.metric(lab, withdrawn, family="ipv6") == 0, 90)
        self.told("backends back", restored_after=round(took, 1))
        self.assertEqual(lab.client("mpop-tls", cap=30).family, 6)

    def test_the_operator_sends_clients_to_ipv4_and_back(self) -> None:
        lab = self.lab("", front="none")
        orders, kept = lab.folder / "admin.sock", lab.folder / "family"
        more = (f'admin: {{ listen: "127.0.0.1:9143", socket: "{orders}" }}\n'
                f"gate: {{ ipv6: {{ state: {kept} }} }}\n")
        lab.start_proxy(more)

        def order(path: str, form: str) -> float:
            assert lab.proxy
            begun = time.monotonic()
            answer = lab.proxy.get(path, unix=orders, post=form)
            took = time.monotonic() - begun
            self.assertNotIn("error", answer)
            return took

        took = order("/family/disable", "family=ipv6&persist=true")
        begun = time.monotonic()
        with lab.inside("client"), self.assertRaises(ConnectionRefusedError):
            socket.create_connection((lab.address6, 995), 5)
        self.told("withdrawn by order", seconds=round(took, 3), refused_after=round(time.monotonic() - begun, 3))
        for client in ("mpop-tls", "fetchmail-tls", "msmtp-tls", "curl-pop3s", "py-poplib-tls"):
            outcome = lab.client(client, cap=30)
            self.assertTrue(outcome.fell_back and outcome.outcome == "ok", outcome)
            self.told("withdrawn", client=client, fell_back_after=outcome.fallback_seconds)
        lab.stop_proxy()
        lab.start_proxy(more)
        with lab.inside("client"), self.assertRaises(ConnectionRefusedError):
            socket.create_connection((lab.address6, 995), 5)
        self.told("back by order", seconds=round(order("/family/enable", "family=ipv6"), 3))
        self.assertEqual(lab.client("mpop-tls", cap=30).family, 6)

    def test_an_address_that_is_taken_away_withdraws_ipv6_until_it_is_back(self) -> None:
        lab = self.lab("")
        words = [f"{lab.address6}/128", "dev", "lo"]
        where = lab.server_exec(["ip", "-o", "-6", "address", "show", "to", lab.address6], capture_output=True, text=True)
        length, device = where.stdout.split()[3].split("/")[1], where.stdout.split()[1]
        words = [f"{lab.address6}/{length}", "dev", device]
        lab.server_exec(["ip", "-6", "address", "del", *words])
        until(lambda: self.metric(lab, "dualpost_listener_withdrawn", reason="self_test") == 4, 40)
        lab.server_exec(["ip", "-6", "address", "add", *words, "nodad"])
        until(lambda: self.metric(lab, "dualpost_listener_withdrawn") == 0, 60)

    def test_ipv6_that_is_switched_off_on_the_host_is_withdrawn_and_ipv4_goes_on(self) -> None:
        lab = self.lab("")
        lab.server_exec(["sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1"])
        until(lambda: self.metric(lab, "dualpost_listener_withdrawn", reason="self_test") == 4, 40)
        self.assertEqual(lab.load(20, family=4)["ends"], {"ok": 20})

    def test_a_name_that_leads_elsewhere_withdraws_ipv6(self) -> None:
        lab = self.lab("", front="none")
        net.name_hosts(lab.id, "2001:db8:2::e15e")
        lab.start_proxy("gate: { ipv6: { self_test: name } }\n")
        self.assertEqual(self.metric(lab, "dualpost_listener_withdrawn"), 0)  # one failure may be the network's
        took = until(lambda: self.metric(lab, "dualpost_listener_withdrawn", reason="self_test") == 4, 100)
        self.told("name leads elsewhere", withdrawn_after=round(took, 1))
        assert lab.proxy
        self.assertIn("does not lead back here", lab.proxy.get("/ready"))

    def test_loss_on_a_path_that_works_teaches_nothing(self) -> None:
        lab = self.lab("mode: enforce")
        lab.fail("loss")
        for what, given in (("2 % loss", {"sessions": SESSIONS, "concurrency": 40, "prefixes": 50}),
                            ("2 % loss, slow clients", {"sessions": 200, "concurrency": 100, "pause": 6.0}),
                            ("2 % loss, all behind one /64", {"sessions": 200, "concurrency": 40, "prefixes": 1})):
            self.told(what, **lab.load(**given))
            self.assertEqual(self.metric(lab, "dualpost_gate_learned_total"), 0)
            self.assertEqual(self.records(lab, cause="stalled"), [])
