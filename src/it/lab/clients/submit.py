"""smtplib, as a script of one's own uses it."""

import smtplib
import ssl
import sys
from pathlib import Path

host, port, user, password, tls, authority, mail = sys.argv[1:8]
trust = ssl.create_default_context(cafile=authority)
server: smtplib.SMTP
if tls == "implicit":
    server = smtplib.SMTP_SSL(host, int(port), local_hostname="client.example.test", context=trust)
else:
    server = smtplib.SMTP(host, int(port), local_hostname="client.example.test")
if tls == "starttls":
    server.starttls(context=trust)
server.login(user, password)
server.sendmail("lab@example.test", ["reader@example.test"], Path(mail).read_bytes())
server.quit()
