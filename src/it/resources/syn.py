"""TCP for tests in a network namespace.

syn.py listen ADDRESS PORT...           listens without ever accepting, says "listening", ends with standard input
syn.py connect SOURCE ADDRESS PORT      says "connected", or the name of the error
syn.py begin SOURCE ADDRESS PORT COUNT  begins so many connections, says "begun", drops them with the end of standard input
syn.py ask PATH LINE...                 sends the lines to a unix socket and prints all that comes back
"""

import errno
import resource
import socket
import sys


def family(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def listen(address, *ports):
    # "::" takes IPv4 as well, as mapped addresses.
    held = [socket.create_server((address, int(port)), family=family(address), backlog=65535,
                                 dualstack_ipv6=address == "::") for port in ports]
    print("listening", flush=True)
    sys.stdin.read()
    del held


def begin(source, address, port, count):
    resource.setrlimit(resource.RLIMIT_NOFILE, (int(count) + 100,) * 2)
    begun = []
    for _ in range(int(count)):
        client = socket.socket(family(address))
        client.setblocking(False)
        client.bind((source, 0))
        client.connect_ex((address, int(port)))
        begun.append(client)
    print("begun", flush=True)
    sys.stdin.read()


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
        client.connect(path)
        try:
            client.sendall("".join(line + "\n" for line in lines).encode())
            client.shutdown(socket.SHUT_WR)
        except BrokenPipeError:
            pass  # refused before it was heard; what was answered is there
        try:
            while answer := client.recv(65536):
                sys.stdout.write(answer.decode())
        except ConnectionResetError:
            pass  # closed before all that was sent was read


{"listen": listen, "begin": begin, "connect": connect, "ask": ask}[sys.argv[1]](*sys.argv[2:])
