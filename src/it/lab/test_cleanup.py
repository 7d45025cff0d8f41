"""Nothing stays behind, whatever ends a run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import unittest
from collections.abc import Callable
from pathlib import Path
from unittest import mock

from . import __main__, net
from .lab import Lab

ENDLESS = ["--front", "plain", "--clients", "py-poplib", "--failures", "syn-drop", "--lanes", "1", "--cap", "600"]
PATIENCE = 60


def until(what: str, condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not in {PATIENCE} s: {what}")
        time.sleep(0.05)


def pids(lab: str, role: str) -> list[int]:
    name = net.namespace(lab, role)
    done = subprocess.run(["ip", "netns", "pids", name], capture_output=True, text=True, check=False)
    return [int(word) for word in done.stdout.split()]


def program(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists() and not net.is_dead(pid)


class Remains:
    """What a lab might leave: looked for by its id and by the processes it had."""

    def __init__(self, lab: str) -> None:
        self.lab = lab
        self.processes = [pid for role in net.ROLES for pid in pids(lab, role)]

    def found(self) -> list[str]:
        paths = [net.state(self.lab), net.state(f".{self.lab}")]
        for role in net.ROLES:
            name = net.namespace(self.lab, role)
            paths += [Path("/run/netns", name), net.ETC / name]
        return [str(path) for path in paths if path.exists()] + [str(pid) for pid in self.processes if alive(pid)]


class CleanUpTest(unittest.TestCase):
    def start(self) -> tuple[subprocess.Popen[str], Remains]:
        """A run whose client hangs; it is at work when this returns."""
        run = subprocess.Popen([sys.executable, "-m", "lab", *ENDLESS], cwd=Path(__file__).parents[1], text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
        self.addCleanup(run.wait)
        self.addCleanup(run.kill)
        assert run.stdout
        self.addCleanup(run.stdout.close)
        self.lab = ""

        def at_work() -> bool:
            for owner in net.STATE.glob("[!.]*/owner"):
                if owner.read_text().split()[0] == str(run.pid):
                    self.lab = owner.parent.name
            return bool(self.lab) and any("pop.py" in program(pid) for pid in pids(self.lab, "client"))

        until("the client runs", at_work)
        remains = Remains(self.lab)
        self.assertGreaterEqual(len(remains.processes), 3)  # client, forwarder, backend
        return run, remains

    def test_signals(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.subTest(number):
                run, remains = self.start()
                run.send_signal(number)
                self.assertEqual(128 + number, run.wait(PATIENCE))
                self.assertEqual([], remains.found())

    def test_killed_run_is_swept_by_the_next(self) -> None:
        run, remains = self.start()
        run.kill()
        run.wait(PATIENCE)
        self.assertNotEqual([], remains.found())
        with Lab(front="plain"):
            self.assertEqual([], remains.found())

    def test_running_lab_is_not_swept(self) -> None:
        with Lab(front="plain") as lab:
            self.assertNotIn(lab.id, net.sweep())
            self.assertEqual(0, lab.client_exec(["ping", "-c", "1", "-W", "2", net.SERVER6],
                                                stdout=subprocess.DEVNULL).returncode)

    def test_lab_that_is_gone_while_another_sweeps_is_no_fault(self) -> None:
        gone = net.state(".0ff1ce")
        net.STATE.mkdir(parents=True, exist_ok=True)
        gone.symlink_to("nowhere")  # listed, but not there
        self.addCleanup(gone.unlink)
        net.sweep()

    def test_reused_process_id_does_not_own(self) -> None:
        lab = "0ff1ce"
        net.make(net.state(lab))
        self.addCleanup(net.remove, lab)
        (net.state(lab) / "owner").write_text(f"{os.getpid()} 1\n")
        self.assertIn(lab, net.sweep())
        self.assertFalse(net.state(lab).exists())

    def test_death_of_a_part_ends_the_run(self) -> None:
        for role, part in (("router", "forwarder"), ("server", "backend")):
            with self.subTest(part):
                run, remains = self.start()
                for pid in [*pids(remains.lab, role), *pids(remains.lab, "client")]:
                    os.kill(pid, signal.SIGKILL)
                output = run.communicate(timeout=PATIENCE)[0]
                self.assertEqual(1, run.returncode, output)
                self.assertIn(f"lab: {part}: ", output)
                self.assertEqual([], remains.found())

    def test_exception(self) -> None:
        with self.assertRaises(ZeroDivisionError), Lab(front="plain") as lab:
            remains = Remains(lab.id)
            raise ZeroDivisionError
        self.assertEqual([], remains.found())
        self.assertEqual(signal.SIG_DFL, signal.getsignal(signal.SIGTERM))

    def test_failed_start(self) -> None:
        lab = Lab(front="plain")
        with mock.patch.object(lab, "start_backend", side_effect=net.LabError("no")):
            with self.assertRaisesRegex(net.LabError, "^no$"), lab:
                pass
        self.assertEqual([], Remains(lab.id).found())

    def test_without_root_it_says_so(self) -> None:
        with mock.patch("os.geteuid", return_value=1000), mock.patch("sys.argv", ["run"]), \
                mock.patch("sys.stderr") as errors:
            self.assertEqual(2, __main__.main())
        self.assertIn("expected: to run as root", str(errors.write.call_args_list))

    def test_missing_packages_are_named(self) -> None:
        with mock.patch("shutil.which", side_effect=lambda name: None if name in ("mpop", "nft") else name):
            self.assertEqual(["mpop", "nftables"], __main__.missing(["mpop-tls", "curl-pop3"]))
        with mock.patch.dict(__main__.MODULES, {"perl": {"No::Such": "libno-such-perl"}}):
            self.assertEqual(["libno-such-perl"], __main__.missing(["perl-pop3"]))


if __name__ == "__main__":
    unittest.main()
