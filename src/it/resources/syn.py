"""TCP for tests in a network namespace.

syn.py listen ADDRESS PORT...           listens without ever accepting, says "listening", ends with standard input
syn.py connect SOURCE ADDRESS PORT      says "connected", or the name of the error
syn.py ask PATH LINE...                 sends the lines to a unix socket and prints all that comes back
"""

import errno
import socket
import sys


def family(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def listen(address, *ports):
    held = [socket.create_server((address, int(port)), family=family(address), backlog=4096) for port in ports]
    print("listening", flush=True)
    sys.stdin.read()
    del held


def connect(source, address, port):
    with socket.socket(family(address)) as client:
        client.settimeout(10)
        client.bind((source, 0))
        try:
            client.connect((address, int(port)))
            print("connected")
        except OSError as e:
            print(errno.errorcode.get(e.errno, str(e)))


def ask(path, *lines):
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(30)
        try:
            client.connect(path)
            client.sendall("".join(line + "\n" for line in lines).encode())
            client.shutdown(socket.SHUT_WR)
        except OSError as e:
            print(errno.errorcode.get(e.errno, str(e)))
        try:
            while answer := client.recv(65536):
                sys.stdout.write(answer.decode())
        except ConnectionResetError:
            pass  # closed before all that was sent was read


{"listen": listen, "connect": connect, "ask": ask}[sys.argv[1]](*sys.argv[2:])
