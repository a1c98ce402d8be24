"""A desk."""


def main():
    import cryptography, fastapi, flask, httpx, numpy, pandas, requests, sqlalchemy, structlog

    print("desk", int(numpy.arange(4).sum()), fastapi.FastAPI().title)
