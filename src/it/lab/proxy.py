"""Dualpost as the lab runs it: certificates like a public authority's, a generated configuration, its admin pages."""

from __future__ import annotations

import glob
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import net

if TYPE_CHECKING:
    from .lab import Lab

PROJECT = Path(__file__).resolve().parents[3]
ADMIN = "127.0.0.1:9143"
START_SECONDS = 120  # on a busy machine

# RSA with an intermediate: a flight of several full segments, as most servers have it. A small certificate would hide
# the path-MTU hole from the handshake.
OPENSSL = """
[root]
basicConstraints = critical, CA:true
[issuer]
basicConstraints = critical, CA:true, pathlen:0
[leaf]
basicConstraints = CA:false
subjectAltName = @names
[names]
"""


def certificates(folder: Path) -> None:
    """Makes ca.pem (for clients), chain.pem and key.pem (for the server)."""
    names = [*net.DUAL_NAMES.values(), *net.RESCUE_NAMES.values()]
    (folder / "openssl.cnf").write_text(OPENSSL + "".join(f"DNS.{i} = {name}\n" for i, name in enumerate(names)))
    signer: list[str] = []
    for name, section, subject in (("ca", "root", "/CN=Lab Root"), ("issuer", "issuer", "/CN=Lab Issuer"),
                                   ("leaf", "leaf", f"/CN={names[0]}")):
        request = ["openssl", "req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{folder}/{name}.key",
                   "-subj", subject]
        if not signer:
            net.run(*request, "-x509", "-days", "30", "-out", f"{folder}/{name}.pem")
        else:
            net.run(*request, "-out", f"{folder}/{name}.csr")
            net.run("openssl", "x509", "-req", "-in", f"{folder}/{name}.csr", "-days", "30", *signer,
                    "-CAcreateserial", "-extfile", f"{folder}/openssl.cnf", "-extensions", section,
                    "-out", f"{folder}/{name}.pem")
        signer = ["-CA", f"{folder}/{name}.pem", "-CAkey", f"{folder}/{name}.key"]
    (folder / "chain.pem").write_text((folder / "leaf.pem").read_text() + (folder / "issuer.pem").read_text())
    (folder / "leaf.key").rename(folder / "key.pem")
    (folder / "key.pem").chmod(0o600)
    (folder / "ca.pem").chmod(0o644)


def configuration(folder: Path, more: str, listener: str) -> str:
    """The configuration of both services; `more` is further top-level sections, `listener` further keys of each."""
    services, keys = "", f", {listener}" if listener else ""
    for protocol, service, pool, implicit, starttls in (("pop3", "pop", "mailbox", 995, 110),
                                                        ("submission", "submission", "outgoing", 465, 587)):
        services += f"""\
  {service}:
    dual:   {{ name: {net.DUAL_NAMES[protocol]}, addresses: ["{net.SERVER4}", "{net.SERVER6}"] }}
    rescue: {{ name: {net.RESCUE_NAMES[protocol]}, addresses: ["{net.SERVER4}"] }}
    listeners:
      - {{ protocol: {protocol}, port: {implicit}, tls: implicit{keys} }}
      - {{ protocol: {protocol}, port: {starttls}, tls: starttls, plaintext_login: true{keys} }}
    backends: {pool}
"""
    text = f"""\
services:
{services}backends:
  mailbox:  {{ servers: ["{net.BACKEND_NAME}:10110"], tls: none, identity: none }}
  outgoing: {{ servers: ["{net.BACKEND_NAME}:10587"], tls: none, identity: none }}
certificates:
  - {{ chain: "{folder}/chain.pem", key: "{folder}/key.pem" }}
"""
    if not re.search(r"^limits:", more, re.MULTILINE):  # all clients of a lab share one IPv4 address
        text += "limits: { sessions: 20000, sessions_per_prefix: 20000 }\n"
    if not re.search(r"^admin:", more, re.MULTILINE):
        text += f'admin: {{ listen: "{ADMIN}" }}\n'
    return text + more


def java25() -> str:
    """A JDK 25's java, looked for where src/bench/compare/start.sh looks."""
    homes = [os.environ.get("JAVA25_HOME", ""), os.environ.get("JAVA_HOME", "")]
    candidates = [f"{home}/bin/java" for home in homes if home]
    candidates += [shutil.which("java") or ""]
    for pattern in ("/usr/lib/jvm/*25*", "/opt/*25*", "~/.sdkman/candidates/java/25*"):
        candidates += [f"{home}/bin/java" for home in sorted(glob.glob(os.path.expanduser(pattern)))]
    for java in candidates:
        if os.access(java, os.X_OK):
            version = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
            if re.search(r'"25[".+-]', version):
                return java
    raise net.LabError("java: no JDK 25 found (expected: JAVA25_HOME names one)")


def jar() -> Path:
    """The program as packaged."""
    path = PROJECT / "target" / "dualpost.jar"
    if not path.exists():
        raise net.LabError(f"{path}: missing (expected: mvn package has made it)")
    return path


def command(configuration_file: Path, java_options: tuple[str, ...]) -> list[str]:
    """How it is started; serial collector and small heap, since several labs may run side by side."""
    return [java25(), "-XX:+UseSerialGC", "-Xmx400m", "-XX:-UsePerfData", "--enable-native-access=ALL-UNNAMED",
            *java_options, "-jar", str(jar()), "run", "--config", str(configuration_file)]


def metric_sum(text: str, name: str, labels: dict[str, str]) -> float:
    """Adds the samples of one metric that carry these labels."""
    total = 0.0
    for line in text.splitlines():
        found = re.match(r"([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)", line)
        if found and found[1] == name:
            carried = dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', found[2] or ""))
            if all(carried.get(label) == value for label, value in labels.items()):
                total += float(found[3])
    return total


class Proxy:
    """The running Dualpost."""

    def __init__(self, lab: Lab, java_options: tuple[str, ...], environment: dict[str, str]) -> None:
        self.lab = lab
        self.configuration = lab.folder / "dualpost.yaml"
        self.configuration.write_text(configuration(lab.folder, lab.more, lab.listener))
        self.records = lab.folder / "dualpost.records"
        self.log = lab.folder / "dualpost.log"
        with self.records.open("ab") as out, self.log.open("ab") as err:
            self.process = lab.popen("server", command(self.configuration, java_options), stdout=out, stderr=err,
                                     env={**os.environ, **environment})

    def await_ready(self) -> None:
        end = time.monotonic() + START_SECONDS
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > end:
                state = f"{self.process.poll()}, {self.readiness()}"
                raise net.LabError(f"dualpost: not ready ({state}):\n{self.log.read_text()}{self.records.read_text()}")
            time.sleep(0.1)

    def readiness(self) -> dict[str, Any]:
        """The page /ready: `ready`, and `reasons` for what does not work. Empty while nobody answers."""
        try:
            return dict(json.loads(self.get("/ready")))
        except net.LabError:
            return {}

    def is_ready(self) -> bool:
        """Whether it serves and every backend has been tried."""
        readiness = self.readiness()
        return bool(readiness.get("ready")) and "first time" not in str(readiness["reasons"])

    def knows_backends(self, alive: bool) -> bool:
        """Whether it has noticed that every backend pool serves, or that none does."""
        reasons = self.readiness().get("reasons", ["?"])
        return not reasons if alive else sum("no backend" in reason for reason in reasons) == 2

    def get(self, path: str, unix: Path | None = None, post: str | None = None) -> str:
        """A page of the admin interface, by TCP or unix socket, whatever its status; with a body it is posted."""
        connection = http.client.HTTPConnection("localhost", timeout=10)
        try:
            with self.lab.inside("server"):
                if unix:
                    connection.sock = socket.socket(socket.AF_UNIX)
                    connection.sock.settimeout(10)
                    connection.sock.connect(str(unix))
                else:
                    host, _, port = ADMIN.rpartition(":")
                    connection.sock = socket.create_connection((host, int(port)), 10)
            form = {"Content-Type": "application/x-www-form-urlencoded"} if post is not None else {}
            connection.request("GET" if post is None else "POST", path, post, form)
            return connection.getresponse().read().decode()
        except (OSError, http.client.HTTPException) as e:
            raise net.LabError(f"dualpost: {path}: {e}") from e
        finally:
            connection.close()

    def metric(self, name: str, **labels: str) -> float:
        """The sum of a metric's samples that carry these labels."""
        return metric_sum(self.get("/metrics"), name, labels)

    def command(self, *words: str, **more: Any) -> subprocess.CompletedProcess[Any]:
        """An operator's command, such as `family`, `status`, run beside the proxy."""
        return self.lab.server_exec([java25(), "-jar", str(jar()), *words], capture_output=True, text=True,
                                    **more)

    def stop(self) -> int:
        self.process.terminate()
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise net.LabError("dualpost: still running 30 s after SIGTERM") from None
