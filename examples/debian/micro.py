"""`micro run MODULE:FUNCTION` serves a NATS micro service; `--try TEXT` sends one request to it and prints the answer."""

import argparse
import asyncio
import importlib
import os
import signal

import nats
import nats.micro
from loopback import loopback_server


def main():
    parser = argparse.ArgumentParser(prog="micro")
    run = parser.add_subparsers(required=True, metavar="COMMAND").add_parser("run")
    run.add_argument("service", metavar="MODULE:FUNCTION")
    run.add_argument("--try", dest="text", metavar="TEXT", help="send this to the service, on a server of its own")
    asyncio.run(serve(**vars(parser.parse_args())))


async def serve(service, text):
    module_name, function = service.split(":")
    module = importlib.import_module(module_name)
    if text is None:
        await connected(module, function, os.environ.get("NATS_URL", "nats://127.0.0.1:4222"), until_stopped)
        return

    async def ask(client):
        print((await client.request("render", text.encode())).data.decode())

    async with loopback_server() as url:
        await connected(module, function, url, ask)


async def connected(module, function, url, work):
    client = await nats.connect(url)
    service = await nats.micro.add_service(client, name=module.__name__, version=module.__version__)
    await getattr(module, function)(service)
    await work(client)
    await service.stop()
    await client.close()


async def until_stopped(client):
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    print("listening", flush=True)
    await stopped.wait()


if __name__ == "__main__":
    main()
