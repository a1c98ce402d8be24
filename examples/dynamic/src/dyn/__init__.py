from importlib.metadata import version

__version__ = "4.5.6"


def main() -> None:
    import click
    import itsdangerous  # noqa: F401

    click.echo(f"version {version('dyn')}")
