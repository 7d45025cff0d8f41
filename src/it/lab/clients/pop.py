"""poplib, as a script of one's own uses it."""

import poplib
import ssl
import sys

host, port, user, password, tls, authority = sys.argv[1:7]
mailbox: poplib.POP3
if tls == "implicit":
    mailbox = poplib.POP3_SSL(host, int(port), context=ssl.create_default_context(cafile=authority))
else:
    mailbox = poplib.POP3(host, int(port))
mailbox.user(user)
mailbox.pass_(password)
sys.stdout.buffer.write(b"\r\n".join(mailbox.retr(1)[1]))
mailbox.quit()
