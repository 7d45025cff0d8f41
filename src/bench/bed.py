"""A proxy as shipped before a backend, in a folder of its own, for what measures it. Ends only what it started."""
import contextlib
import http.client
import json
import os
import pathlib
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time

BENCH = pathlib.Path(__file__).resolve().parent
JUDGE = BENCH / "judge"
GROWTH = BENCH / "growth"
START = BENCH / "compare/start.sh"
sys.path.insert(0, str(JUDGE))
sys.dont_write_bytecode = True
from compare import cpu_seconds, memory_kib, stop  # noqa: E402

HOST = "host%d.example.test"
LISTENERS = 64


def free_ports(count):
    """The first of so many ports in a row, below those that the kernel gives to clients."""
    clients = int(pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    for _ in range(100):
        first = random.randrange(10_000, max(clients, 20_000) - count)
        with contextlib.suppress(OSError), contextlib.ExitStack() as held:
            for port in range(first, first + count):
                for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
                    held.enter_context(socket.socket(family)).bind((address, port))
            return first
    raise SystemExit(f"no {count} free ports in a row")


class Refused(Exception):
    """The proxy did not start; its own words."""


class Bed(contextlib.ExitStack):
    """A folder, free ports and the backend, for proxies one after the other."""

    def __init__(self, effort):
        """What is measured with: warm (seconds of load before), sessions (a figure of CPU is taken over), windows (parts)."""
        super().__init__()
        self.effort = effort

    def __enter__(self):
        super().__enter__()
        self.dir = tempfile.mkdtemp(prefix="bench-")
        self.callback(shutil.rmtree, self.dir, True)
        self.port = free_ports(LISTENERS + 2)
        self.admin, self.sink = self.port + LISTENERS, self.port + LISTENERS + 1
        self.certificates = []
        self.callback(stop, self.start("sink", [JUDGE / "mailsink", "--pop3", self.sink]))
        return self

    def start(self, name, command, java=""):
        """Starts it, with options for Java besides those of the environment."""
        options = f"{os.environ.get('DUALPOST_JAVA_OPTIONS', '')} {java}"
        with open(f"{self.dir}/{name}.out", "wb") as out:
            return subprocess.Popen([str(word) for word in command], stdout=out, stderr=out, stdin=subprocess.DEVNULL,
                                    env={**os.environ, "MALLOC_ARENA_MAX": "1", "DUALPOST_JAVA_OPTIONS": options},
                                    start_new_session=True)

    def configuration(self, listeners=1, certificates=1, more=""):
        if len(self.certificates) < certificates:
            subprocess.run([GROWTH / "certificates", self.dir, HOST, str(certificates)], check=True)
            self.certificates = [f'  - {{ chain: "{self.dir}/{i}.pem", key: "{self.dir}/{i}.pem" }}'
                                 for i in range(certificates)]
        ports = "\n".join(f"      - {{ protocol: pop3, port: {self.port + i}, tls: implicit }}" for i in range(listeners))
        return "\n".join([f"""
services:
  pop:
    dual: {{ name: {HOST % 0}, addresses: ["127.0.0.1", "::1"] }}
    listeners:
{ports}
    backends: mailbox
backends:
  mailbox: {{ servers: ["127.0.0.1:{self.sink}"], tls: none, identity: none }}
admin: {{ listen: "127.0.0.1:{self.admin}" }}
limits: {{ sessions: 20000, sessions_per_prefix: 20000 }}
certificates:""", *self.certificates[:certificates], more, ""])


class Proxy(contextlib.ExitStack):
    """One proxy, from its start to its end."""

    def __init__(self, bed, configuration, java=""):
        """Starts it, with options for Java besides those it has."""
        super().__init__()
        self.bed = bed
        self.held = 0
        file = pathlib.Path(bed.dir, "dualpost.yaml")
        file.write_text(configuration)
        begin = time.monotonic()
        self.process = bed.start("proxy", ["sh", START, file, "2"], java)
        self.callback(stop, self.process)
        try:
            self.await_listening()
        except BaseException:
            self.close()
            raise
        self.start_s = time.monotonic() - begin

    def await_listening(self, limit=180):
        end = time.monotonic() + limit
        while time.monotonic() < end:
            with contextlib.suppress(OSError), socket.create_connection(("::1", self.bed.port), 1):
                return
            if self.process.poll() is not None:
                words = pathlib.Path(self.bed.dir, "proxy.out").read_text(errors="replace")
                raise Refused("does not start: " + words.strip().replace(self.bed.dir + "/", "").splitlines()[0][:200])
            time.sleep(0.02)
        raise Refused(f"does not listen after {limit} s")

    def load(self, *more, sessions=None, seconds=None):
        length = ["--sessions", sessions] if sessions else ["--time", seconds]
        out = subprocess.run([str(word) for word in [JUDGE / "mailload", "--scenario", "pop3s", "--port", self.bed.port,
                                                     "--conns", 20, *length, *more]], capture_output=True, text=True)
        result = json.loads(out.stdout)
        assert result["errors"] == 0, result["first_error"]
        return result

    def hold(self, count):
        """Holds so many sessions idle, each from an address of its own, until stop() gets what it returns."""
        self.held += 1
        load = subprocess.Popen([str(word) for word in [
            JUDGE / "mailload", "--scenario", "idle", "--port", self.bed.port, "--conns", count, "--hold", 3600, "--source",
            f"127.{self.held}.0.1", "--sources", count, "--timeout", 120]], stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, start_new_session=True)
        self.callback(stop, load)
        ready = load.stderr.readline().decode().strip()
        assert ready == f"READY {count}", ready
        return load

    def warm(self, *more, sessions=0):
        """At least so many sessions, and for the time that warming takes."""
        left = self.bed.effort.warm - (self.load(*more, sessions=sessions)["seconds"] if sessions else 0)
        if left > 0:
            self.load(*more, seconds=left)
        time.sleep(0.5)

    def cost(self, *more):
        """CPU microseconds of a session, in each of a few windows."""
        found = []
        for _ in range(self.bed.effort.windows):
            before = cpu_seconds(self.process.pid)
            sessions = self.load(*more, sessions=self.bed.effort.sessions // self.bed.effort.windows)["sessions"]
            time.sleep(0.2)
            found.append((cpu_seconds(self.process.pid) - before) / sessions * 1e6)
        return found

    def pss(self):
        """MiB, of what is in use as far as a full collection can tell."""
        jcmd = pathlib.Path(os.readlink(f"/proc/{self.process.pid}/exe")).with_name("jcmd")
        if jcmd.exists():
            subprocess.run([jcmd, str(self.process.pid), "GC.run"], check=True, stdout=subprocess.DEVNULL)
            time.sleep(0.3)
        return memory_kib(self.process.pid)[1] / 1024

    def heap(self):
        """MiB in use: asked behind pss(), what the collection left and the answer."""
        return self.metric('jvm_memory_used_bytes{area="heap"') / (1 << 20)

    def scrape(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.bed.admin, timeout=60)
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
        connection.close()
        return text

    def metric(self, name):
        return sum(float(line.rsplit(" ", 1)[1]) for line in self.scrape().splitlines() if line.startswith(name))

    def scraped(self):
        times = []
        for _ in range(5):
            begin = time.monotonic()
            text = self.scrape()
            times.append(1000 * (time.monotonic() - begin))
        return f"{len(text) // 1024}, {min(times):.0f}"
