"""Mail senders that submit by SMTP."""

from __future__ import annotations

from urllib.parse import quote

from .driver import Call, Driver, Errand
from .pop3 import tls_lines

FROM, TO = "lab@example.test", "reader@example.test"


def msmtp(errand: Errand, tls: str) -> Call:
    rc = errand.write("msmtprc", f"""\
defaults
{tls_lines(errand, tls)}
account lab
host {errand.host}
port {errand.port}
from {FROM}
auth plain
user {errand.user}
password {errand.password}
domain client.example.test
""")
    return Call(["msmtp", "-C", rc, "-a", "lab", TO], input=errand.mail)


def curl(errand: Errand, tls: str) -> Call:
    scheme = "smtps" if tls == "implicit" else "smtp"
    return Call(["curl", "-sS", "--cacert", str(errand.ca), "-u", f"{errand.user}:{errand.password}",
                 "--mail-from", FROM, "--mail-rcpt", TO, "--upload-file", str(errand.mail),
                 f"{scheme}://{errand.host}:{errand.port}/client.example.test"])


def swaks(errand: Errand, tls: str) -> Call:
    security = {"none": [], "starttls": ["--tls"], "implicit": ["--tls-on-connect"]}[tls]
    return Call(["swaks", "--server", errand.host, "--port", str(errand.port), "--ehlo", "client.example.test",
                 "--from", FROM, "--to", TO, "--auth", "PLAIN", "--auth-user", errand.user, "--auth-password",
                 errand.password, "--data", f"@{errand.mail}", "--timeout", "0", *security])


def s_nail(errand: Errand, tls: str) -> Call:
    scheme = "smtps" if tls == "implicit" else "smtp"
    account = f"{quote(errand.user)}:{quote(errand.password)}"
    settings = ["v15-compat", f"mta={scheme}://{account}@{errand.host}:{errand.port}", "smtp-auth=plain",
                f"tls-ca-file={errand.ca}", "tls-verify=strict", "hostname=client.example.test", f"from={FROM}",
                "nosave", "sendwait"]
    return Call(["s-nail", "-:/", *(word for setting in settings for word in ("-S", setting)), "-s", errand.token, TO],
                input=errand.mail)


def mutt(program: str, errand: Errand, tls: str) -> Call:
    rc = errand.write("rc", f"""\
set smtp_url="{"smtps" if tls == "implicit" else "smtp"}://{errand.user}@{errand.host}:{errand.port}/"
set smtp_pass="{errand.password}"
set smtp_authenticators="plain"
set ssl_starttls=no
set ssl_force_tls=no
set certificate_file="{errand.ca}"
set from="{FROM}"
set hostname="client.example.test"
set copy=no
set record=""
set folder="{errand.folder}"
""")
    return Call([program, "-n", "-F", rc, "-s", errand.token, TO], input=errand.mail)


DRIVERS = [
    Driver("msmtp", "submission", "none", "msmtp", "msmtp", lambda errand: msmtp(errand, "none")),
    Driver("msmtp-starttls", "submission", "starttls", "msmtp", "msmtp", lambda errand: msmtp(errand, "starttls")),
    Driver("msmtp-tls", "submission", "implicit", "msmtp", "msmtp", lambda errand: msmtp(errand, "implicit")),
    Driver("curl-smtp", "submission", "none", "curl", "curl", lambda errand: curl(errand, "none")),
    Driver("curl-smtps", "submission", "implicit", "curl", "curl", lambda errand: curl(errand, "implicit")),
    Driver("swaks", "submission", "none", "swaks", "swaks", lambda errand: swaks(errand, "none")),
    Driver("swaks-tls", "submission", "implicit", "swaks", "swaks", lambda errand: swaks(errand, "implicit")),
    Driver("s-nail", "submission", "none", "s-nail", "s-nail", lambda errand: s_nail(errand, "none")),
    Driver("s-nail-tls", "submission", "implicit", "s-nail", "s-nail", lambda errand: s_nail(errand, "implicit")),
    Driver("mutt-smtp", "submission", "none", "mutt", "mutt", lambda errand: mutt("mutt", errand, "none")),
    Driver("neomutt-smtp", "submission", "none", "neomutt", "neomutt", lambda errand: mutt("neomutt", errand, "none")),
]
