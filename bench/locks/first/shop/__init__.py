"""A shop."""


def main():
    import aiohttp, celery, cryptography, fastapi, httpx, lxml, numpy, orjson, pandas, PIL, psycopg2, redis, sqlalchemy

    print("shop", int(numpy.arange(4).sum()), fastapi.FastAPI().title)
