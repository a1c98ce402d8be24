"""A NATS micro service that fills in templates: `$FOO` in a request becomes the value of FOO."""

import asyncio

__version__ = "1.0.0"


async def setup(service):
    await service.add_endpoint(name="render", handler=render)


async def render(request):
    # envsubst is a program of the system package gettext.
    process = await asyncio.create_subprocess_exec(
        "envsubst", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    answer, _ = await process.communicate(request.data)
    await request.respond(answer)
