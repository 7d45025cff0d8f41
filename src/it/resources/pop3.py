"""Reads the only message of a mailbox with poplib: pop3.py HOST ADDRESS PORT implicit|starttls CA USER PASSWORD."""

import poplib
import socket
import ssl
import sys

host, address, port, tls, authority, user, password = sys.argv[1:]
context = ssl.create_default_context(cafile=authority)
# The name is what TLS verifies, the address is where to connect.
connect = socket.create_connection
socket.create_connection = lambda to, *rest: connect((address, to[1]), *rest)
if tls == "implicit":
    server = poplib.POP3_SSL(host, int(port), timeout=30, context=context)
else:
    server = poplib.POP3(host, int(port), timeout=30)
    server.stls(context)
server.user(user)
server.pass_(password)
lines = server.retr(1)[1]
server.quit()
sys.stdout.buffer.write(b"".join(line + b"\r\n" for line in lines))
