"""Mail readers that fetch by POP3."""

from __future__ import annotations

from .driver import Call, Driver, Errand


def mpop(errand: Errand, tls: str) -> Call:
    rc = errand.write("mpoprc", f"""\
defaults
{tls_lines(errand, tls)}
account lab
host {errand.host}
port {errand.port}
user {errand.user}
password {errand.password}
auth user
keep on
only_new off
uidls_file {errand.folder}/uidls
delivery mbox {errand.box}
""")
    return Call(["mpop", "-C", rc, "lab"])


def tls_lines(errand: Errand, tls: str) -> str:
    """What mpop and msmtp have in common."""
    if tls == "none":
        return "tls off"
    return f"tls on\ntls_starttls {'on' if tls == 'starttls' else 'off'}\ntls_trust_file {errand.ca}"


def fetchmail(errand: Errand, tls: str) -> Call:
    security = f"ssl sslcertck sslcertfile {errand.ca}" if tls == "implicit" else "sslproto ''"
    rc = errand.write("fetchmailrc", f"""\
poll {errand.host} service {errand.port} protocol pop3 auth password
  user "{errand.user}" password "{errand.password}" keep fetchall {security} mda "cat >> {errand.box}"
""")
    return Call(["fetchmail", "-f", rc, "--nodetach", "--nosyslog", "--pidfile", f"{errand.folder}/pid"],
                environment={"FETCHMAILHOME": str(errand.folder)})


def getmail(errand: Errand, tls: str) -> Call:
    secure = tls == "implicit"
    rc = errand.write("getmailrc", f"""\
[retriever]
type = {"SimplePOP3SSLRetriever" if secure else "SimplePOP3Retriever"}
server = {errand.host}
port = {errand.port}
username = {errand.user}
password = {errand.password}
{f"ca_certs = {errand.ca}" if secure else ""}
[destination]
type = MDA_external
path = /usr/bin/tee
arguments = ("-a", "{errand.box}")
allow_root_commands = true
[options]
delete = false
read_all = true
""")
    return Call(["getmail", "--getmaildir", str(errand.folder), "--rcfile", rc])


def curl(errand: Errand, tls: str) -> Call:
    scheme = "pop3s" if tls == "implicit" else "pop3"
    return Call(["curl", "-sS", "--cacert", str(errand.ca), "-u", f"{errand.user}:{errand.password}",
                 f"{scheme}://{errand.host}:{errand.port}/1"])


def mutt(program: str, errand: Errand, tls: str) -> Call:
    """Fetches into the spool file by its key "G" and leaves; it needs a terminal."""
    errand.box.touch()
    rc = errand.write("rc", f"""\
set pop_host="{"pops" if tls == "implicit" else "pop"}://{errand.user}@{errand.host}:{errand.port}"
set pop_user="{errand.user}"
set pop_pass="{errand.password}"
set pop_delete=no
set pop_last=no
set ssl_starttls=no
set ssl_force_tls=no
set certificate_file="{errand.ca}"
set spoolfile="{errand.box}"
set folder="{errand.folder}"
set mbox_type=mbox
set mail_check=0
set confirmappend=no
set quit=yes
set header_cache=""
""")
    return Call([program, "-n", "-F", rc, "-f", str(errand.box), "-e", "push '<fetch-mail><quit>'"], terminal=True)


def s_client(errand: Errand, tls: str) -> Call:
    dialogue = f"USER {errand.user}\r\nPASS {errand.password}\r\nRETR 1\r\nQUIT\r\n"
    return Call(["openssl", "s_client", "-quiet", "-verify_return_error", "-CAfile", str(errand.ca), "-connect",
                 f"{errand.host}:{errand.port}"], input=dialogue.encode())


DRIVERS = [
    Driver("mpop", "pop3", "none", "mpop", "mpop", lambda errand: mpop(errand, "none")),
    Driver("mpop-tls", "pop3", "implicit", "mpop", "mpop", lambda errand: mpop(errand, "implicit")),
    Driver("fetchmail", "pop3", "none", "fetchmail", "fetchmail", lambda errand: fetchmail(errand, "none")),
    Driver("fetchmail-tls", "pop3", "implicit", "fetchmail", "fetchmail", lambda errand: fetchmail(errand, "implicit")),
    Driver("curl-pop3", "pop3", "none", "curl", "curl", lambda errand: curl(errand, "none")),
    Driver("curl-pop3s", "pop3", "implicit", "curl", "curl", lambda errand: curl(errand, "implicit")),
    Driver("getmail6", "pop3", "none", "getmail6", "getmail", lambda errand: getmail(errand, "none")),
    Driver("getmail6-tls", "pop3", "implicit", "getmail6", "getmail", lambda errand: getmail(errand, "implicit")),
    Driver("mutt-pop", "pop3", "none", "mutt", "mutt", lambda errand: mutt("mutt", errand, "none")),
    Driver("mutt-pop-tls", "pop3", "implicit", "mutt", "mutt", lambda errand: mutt("mutt", errand, "implicit")),
    Driver("neomutt-pop", "pop3", "none", "neomutt", "neomutt", lambda errand: mutt("neomutt", errand, "none")),
    Driver("s_client-tls", "pop3", "implicit", "openssl", "openssl", lambda errand: s_client(errand, "implicit")),
]
