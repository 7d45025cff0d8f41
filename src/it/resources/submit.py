"""Sends standard input with smtplib: submit.py HOST ADDRESS PORT implicit|starttls CA USER PASSWORD SENDER RECIPIENT [OPTION]."""

import smtplib
import socket
import ssl
import sys

host, address, port, tls, authority, user, password, sender, recipient = sys.argv[1:10]
options = sys.argv[10:] or ["BODY=8BITMIME"]
context = ssl.create_default_context(cafile=authority)
# The name is what TLS verifies, the address is where to connect.
connect = socket.create_connection
socket.create_connection = lambda to, *rest: connect((address, to[1]), *rest)
if tls == "implicit":
    server = smtplib.SMTP_SSL(host, int(port), "client.example.test", timeout=30, context=context)
else:
    server = smtplib.SMTP(host, int(port), "client.example.test", timeout=30)
    server.starttls(context=context)
server.login(user, password)
server.sendmail(sender, [recipient], sys.stdin.buffer.read(), options)
server.quit()
