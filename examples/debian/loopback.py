"""As much of a NATS server as one request takes, so that the example can be tried without one."""

import asyncio
import contextlib


@contextlib.asynccontextmanager
async def loopback_server():
    subscriptions = []

    async def talk(reader, writer):
        writer.write(b'INFO {"server_id":"loopback","version":"2.10.0","headers":true,"max_payload":1048576}\r\n')
        while line := await reader.readline():
            verb, *words = line.split()
            if verb == b"PING":
                writer.write(b"PONG\r\n")
            elif verb == b"SUB":
                subscriptions.append((words[0], words[-1], writer))
            elif verb == b"PUB":
                subject, *reply, size = words
                payload = await reader.readexactly(int(size) + 2)
                for pattern, sid, other in subscriptions:
                    if matches(pattern, subject):
                        other.write(b" ".join([b"MSG", subject, sid, *reply, size]) + b"\r\n" + payload)

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    yield "nats://127.0.0.1:%d" % server.sockets[0].getsockname()[1]
    server.close()


def matches(pattern, subject):
    pairs = list(zip(pattern.split(b"."), subject.split(b".")))
    same_length = pattern.count(b".") == subject.count(b".")
    return same_length and all(want in (b"*", word) for want, word in pairs)
