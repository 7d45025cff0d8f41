"""The three network namespaces: made, found again after a kill, removed with everything that runs in them."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

PREFIX = "dplab-"
STATE = Path("/run/dualpost-lab")
ETC = Path("/etc/netns")
ROLES = ("client", "router", "server")

CLIENT4, CLIENT_GATEWAY4 = "198.51.100.9", "198.51.100.1"
SERVER4, SERVER_GATEWAY4 = "192.0.2.10", "192.0.2.1"
# All of it is the client's: every address in it may be a source.
CLIENT_NET6 = "2001:db8:1::/48"
CLIENT6 = "2001:db8:1:1::9"
SERVER6, SERVER_GATEWAY6 = "2001:db8:2::10", "2001:db8:2::1"
# Addresses of the server beside the proxy's: nobody listens on the first; who listens on the second never speaks.
DEAF6, SILENT6 = "2001:db8:2::dead", "2001:db8:2::51"
BACKEND_NAME = "backend.example.test"
DUAL_NAMES = {"pop3": "pop.example.test", "submission": "smtp.example.test"}
RESCUE_NAMES = {"pop3": "pop-v4.example.test", "submission": "smtp-v4.example.test"}


class LabError(Exception):
    """What stops the lab, in words for the person who runs it."""


def run(*words: str, text: str | None = None) -> str:
    """Runs a command of the system; its error output becomes the exception."""
    done = subprocess.run(words, input=text, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise LabError(f"{' '.join(words)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def namespace(lab: str, role: str) -> str:
    """The name of one of a lab's namespaces."""
    return f"{PREFIX}{lab}-{role}"


def state(lab: str) -> Path:
    """Where a lab keeps its owner and all its files."""
    return STATE / lab


def birth(pid: int) -> str:
    """When a process began, in the kernel's ticks: with it a process id is not mistaken for a later one's. Or ""."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


def claim(lab: str) -> None:
    """Says whose lab this is; the first thing of all."""
    making = state(f".{lab}")
    make(making)
    (making / "owner").write_text(f"{os.getpid()} {birth(os.getpid())}\n")
    making.rename(state(lab))  # never there without its owner: another lab that starts now would sweep it away


def make(folder: Path) -> None:
    """Makes a folder in one that another lab may take away at this moment because it is empty."""
    for _ in range(20):
        try:
            return folder.mkdir(parents=True, mode=0o755)
        except FileNotFoundError:
            continue
    raise LabError(f"{folder}: cannot be made")


def sweep() -> list[str]:
    """Removes labs whose owner is gone."""
    known = {path.name for path in STATE.glob("*") if not path.name.startswith(".")}
    for path in [*Path("/run/netns").glob(f"{PREFIX}*"), *ETC.glob(f"{PREFIX}*")]:
        known.add(path.name.removeprefix(PREFIX).rpartition("-")[0])
    stale = sorted(lab for lab in known if not owned(lab))
    for making in STATE.glob(".*"):
        with contextlib.suppress(FileNotFoundError):  # its lab has this moment been made, or another one swept it
            if not owned(making.name) and time.time() - making.stat().st_mtime > 60:
                shutil.rmtree(making, ignore_errors=True)  # killed in its first moment; there is nothing else of it
    for lab in stale:
        remove(lab)
    return stale


def owned(lab: str) -> bool:
    """Whether the process that made a lab still runs."""
    try:
        pid, born = (state(lab) / "owner").read_text().split()
        return birth(int(pid)) == born
    except (OSError, ValueError):
        return False


def build(lab: str) -> None:
    """Makes the namespaces, without the client's link: that is the forwarder's, see join()."""
    for role in ROLES:
        name = namespace(lab, role)
        run("ip", "netns", "add", name)
        settings = ["net.ipv6.conf.all.accept_dad=0", "net.ipv6.conf.default.accept_dad=0",
                    "net.ipv6.conf.default.accept_ra=0"]
        if role == "router":
            # Without its limits the router answers every SYN; real ones lose most of a burst.
            settings += ["net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1", "net.ipv6.icmp.ratelimit=0"]
        if role == "client":
            settings += ["net.ipv6.ip_nonlocal_bind=1"]
        run("ip", "netns", "exec", name, "sysctl", "-qw", *settings)
        run("ip", "-n", name, "link", "set", "lo", "up")
        make(ETC / name)
        (ETC / name / "nsswitch.conf").write_text("passwd: files\ngroup: files\nhosts: files\nservices: files\n")
        # Nobody answers there: names come from the hosts file.
        (ETC / name / "resolv.conf").write_text("nameserver 127.0.0.1\n")
        name_hosts(lab, SERVER6)
    router, server = namespace(lab, "router"), namespace(lab, "server")
    run("ip", "-n", router, "link", "add", "lan", "type", "veth", "peer", "name", "lan", "netns", server)
    batch(router, "addr add %s/24 dev lan" % SERVER_GATEWAY4, "addr add %s/64 dev lan nodad" % SERVER_GATEWAY6,
          "link set lan up")
    batch(server, f"addr add {SERVER4}/24 dev lan",
          *(f"addr add {address}/64 dev lan nodad" for address in (SERVER6, DEAF6, SILENT6)), "link set lan up",
          f"route add default via {SERVER_GATEWAY4}", f"-6 route add default via {SERVER_GATEWAY6}")


def join(lab: str) -> None:
    """Gives the forwarder's devices, made in the router's namespace, to the client and the router."""
    client, router = namespace(lab, "client"), namespace(lab, "router")
    run("ip", "-n", router, "link", "set", "wan", "netns", client)
    batch(router, f"addr add {CLIENT_GATEWAY4}/24 dev access", "link set access txqueuelen 5000 up",
          f"-6 route add {CLIENT_NET6} dev access")
    batch(client, f"addr add {CLIENT4}/24 dev wan", "link set wan txqueuelen 5000 up",
          f"route add default dev wan src {CLIENT4}")
    # Every address of the net is the client's: with ip_nonlocal_bind a probe binds to it without adding it first.
    batch(client, f"-6 route add local {CLIENT_NET6} dev lo")
    use_source(lab, CLIENT6)


def use_source(lab: str, source: str) -> None:
    """What the client's programs have as IPv6 source if they do not bind."""
    client = namespace(lab, "client")
    batch(client, f"-6 addr replace {source}/128 dev wan nodad", f"-6 route replace default dev wan src {source}")


def name_hosts(lab: str, dual6: str) -> None:
    """Writes the names that all see, AAAA first; counts for programs that start afterwards."""
    lines = ["127.0.0.1 localhost", "::1 localhost", f"::1 {BACKEND_NAME}", f"127.0.0.1 {BACKEND_NAME}"]
    for protocol, dual in DUAL_NAMES.items():
        lines += [f"{dual6} {dual}", f"{SERVER4} {dual}", f"{SERVER4} {RESCUE_NAMES[protocol]}"]
    for role in ROLES:
        if (ETC / namespace(lab, role)).exists():
            (ETC / namespace(lab, role) / "hosts").write_text("\n".join(lines) + "\n")


def forget_paths(lab: str) -> None:
    """Drops what both ends have learned of the path: its MTU, and TCP's memory of past connections."""
    for role in ("client", "server"):
        batch(namespace(lab, role), "-6 route flush cache", "route flush cache")
        run("ip", "-n", namespace(lab, role), "tcp_metrics", "flush")


def batch(name: str, *lines: str) -> None:
    """Runs several ip commands in a namespace."""
    for line in lines:
        run("ip", "-n", name, *line.split())


def remove(lab: str) -> None:
    """Ends everything that runs in a lab's namespaces and takes all of it away; what is gone already is no fault."""
    for role in ROLES:
        end_all(namespace(lab, role))
        subprocess.run(["ip", "netns", "del", namespace(lab, role)], capture_output=True, check=False)
        shutil.rmtree(ETC / namespace(lab, role), ignore_errors=True)
    shutil.rmtree(state(lab), ignore_errors=True)  # last: until now it is known to be owned
    for parent in (ETC, STATE):
        try:
            parent.rmdir()  # only if nobody else needs it
        except OSError:
            pass


def end_all(name: str) -> None:
    """Kills the processes in a namespace, again for those they started meanwhile."""
    for _ in range(50):
        found = subprocess.run(["ip", "netns", "pids", name], capture_output=True, text=True, check=False).stdout
        pids = [int(word) for word in found.split() if not is_dead(int(word))]
        if not pids:
            return
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.02)
    raise LabError(f"{name}: processes do not end: {pids}")


def is_dead(pid: int) -> bool:
    """Gone, or dead and not yet waited for by its parent."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True
