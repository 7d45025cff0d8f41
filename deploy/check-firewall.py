"""Loads deploy/nftables/dualpost.nft twice and connects; for a network namespace of its own, with nothing else in it."""

import json
import socket
import subprocess
import sys


def run(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def connects(family, address, port):
    with socket.create_server((address, port), family=family), socket.socket(family) as client:
        client.settimeout(10)
        try:
            client.connect((address, port))
            return True
        except ConnectionRefusedError:
            return False


def mail(address, family):
    return connects(family, address, 995)


if len(open("/proc/net/dev").readlines()) > 3:
    sys.exit("not in a network namespace of its own")
run("ip", "link", "set", "lo", "up")
for _ in range(2):
    run("nft", "--file", "deploy/nftables/dualpost.nft")
before = mail("::1", socket.AF_INET6)
run("nft", "add", "element", "inet", "dualpost_static", "ipv6_refused", "{ ::1/128 timeout 1h }")
after = mail("::1", socket.AF_INET6)
elsewhere = connects(socket.AF_INET6, "::1", 996)
ipv4 = mail("127.0.0.1", socket.AF_INET)
found = [before, after, elsewhere, ipv4]
if found != [True, False, True, True]:
    sys.exit(f"before, listed, other port, IPv4: {found} (expected: only the listed one is refused)")
counters = {entry["counter"]["name"]: entry["counter"]["packets"]
            for entry in json.loads(run("nft", "--json", "list", "counters"))["nftables"] if "counter" in entry}
if counters != {"ipv4_new": 1, "ipv6_new": 2, "ipv6_reset": 1}:
    sys.exit(f"counters: {counters} (expected: 1 new over IPv4, 2 over IPv6, 1 reset)")
