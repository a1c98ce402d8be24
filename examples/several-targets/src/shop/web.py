from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route


async def home(_request: object) -> PlainTextResponse:
    return PlainTextResponse("open for business")


app = Starlette(routes=[Route("/", home)])
