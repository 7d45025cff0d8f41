"""What systemd does with a service that is activated by sockets, for tests.

activate.py [NAME=KIND:ADDRESS:PORT ...] -- COMMAND...

Holds the sockets (says "open" when it does), and at each line "start" on standard input starts the command with them, as descriptors 3 and up. A line
"stop" sends it SIGTERM, waits for its end and says its exit code; the end of standard input is one more "stop".
KIND: tcp4, tcp6 (IPv6 alone), mixed (IPv6 that takes IPv4 too), udp4.
"""

import os
import signal
import socket
import sys


def opened(description):
    kind, _, rest = description.partition(":")
    address, _, port = rest.rpartition(":")
    family = socket.AF_INET if kind.endswith("4") else socket.AF_INET6
    opened = socket.socket(family, socket.SOCK_DGRAM if kind == "udp4" else socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0 if kind == "mixed" else 1)
    opened.bind((address.strip("[]"), int(port)))
    if kind != "udp4":
        opened.listen(128)
    return opened


def start(names, sockets, command):
    child = os.fork()
    if child:
        return child
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    # Out of the way first: a descriptor to copy from may be one to copy to.
    high = [os.dup2(one.fileno(), 200 + i) for i, one in enumerate(sockets)]
    for i, descriptor in enumerate(high):
        os.set_blocking(descriptor, False)  # NonBlocking=true in the unit
        os.dup2(descriptor, 3 + i, inheritable=True)
        os.close(descriptor)
    os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(sockets)), LISTEN_FDNAMES=":".join(names))
    if "WATCHDOG_USEC" in os.environ:
        os.environ["WATCHDOG_PID"] = str(os.getpid())
    os.execvp(command[0], command)


def stop(child):
    os.kill(child, signal.SIGTERM)
    await_end(child)


def await_end(child):
    _, status = os.waitpid(child, 0)
    print("ended with", os.waitstatus_to_exitcode(status), flush=True)


def main():
    middle = sys.argv.index("--")
    names = [word.partition("=")[0] for word in sys.argv[1:middle]]
    sockets = [opened(word.partition("=")[2]) for word in sys.argv[1:middle]]
    print("open", flush=True)
    child = None
    for line in sys.stdin:
        if line.strip() == "start":
            child = start(names, sockets, sys.argv[middle + 1 :])
            print("started", child, flush=True)
        elif line.strip() == "await":
            await_end(child)
            child = None
        else:
            stop(child)
            child = None
    if child:
        stop(child)


main()
