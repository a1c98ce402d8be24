"""Signs what it is told."""

import click
from itsdangerous import Signer


@click.command()
@click.argument("text", default="microb")
def main(text: str) -> None:
    click.echo(Signer("secret-key").sign(text).decode())
