"""Many POP3 sessions over TLS at once from many /64s, for questions that one client cannot ask.

A script inside the client's namespace; Lab.load() starts it and reads what it prints.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import sys
import time
from collections import Counter
from typing import Any


async def session(given: dict[str, Any], source: str, trust: ssl.SSLContext) -> str:
    """One login and one message; says how it ended."""
    try:
        async with asyncio.timeout(given["patience"]):
            reader, writer = await asyncio.open_connection(
                given["address"], given["port"], local_addr=(source, 0), ssl=trust, server_hostname=given["name"],
                ssl_handshake_timeout=given["patience"])
            await reader.readline()
            await asyncio.sleep(given["pause"])
            for command in (f"USER {given['user']}", "PASS secret", "RETR 1"):
                writer.write(f"{command}\r\n".encode())
                if not (await reader.readline()).startswith(b"+OK"):
                    return "answered no"
            await reader.readuntil(b"\r\n.\r\n")
            writer.write(b"QUIT\r\n")
            await reader.readline()
            writer.close()
            return "ok"
    except TimeoutError:
        return "timed out"
    except ConnectionRefusedError:
        return "refused"
    except ConnectionResetError:
        return "reset"
    except (OSError, EOFError) as e:
        return type(e).__name__


async def main(given: dict[str, Any]) -> None:
    trust = ssl.create_default_context(cafile=given["authority"])
    numbers = iter(range(given["sessions"]))
    ends: Counter[str] = Counter()
    seconds: list[float] = []

    async def worker() -> None:
        for number in numbers:  # shared by all workers
            begun = time.monotonic()
            source = given["source"] % (number % given["prefixes"])
            ends[await session(given, source, trust)] += 1
            seconds.append(time.monotonic() - begun)

    await asyncio.gather(*(worker() for _ in range(given["concurrency"])))
    seconds.sort()
    print(json.dumps({"ends": ends, "median": seconds[len(seconds) // 2], "p99": seconds[len(seconds) * 99 // 100],
                      "longest": seconds[-1]}))


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
