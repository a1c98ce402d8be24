from importlib.util import find_spec

import click


@click.command()
@click.argument("name", default="you")
def main(name: str) -> None:
    extras = [extra for extra in ("cowsay", "rich") if find_spec(extra)]
    click.echo(f"Hello {name}, with {' and '.join(extras) or 'nothing'}")
