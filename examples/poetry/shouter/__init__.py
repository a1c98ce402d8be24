import click
import cowsay
import rich


@click.command()
@click.argument("word", default="microb")
def main(word: str) -> None:
    rich.print(word.upper(), cowsay.__name__)
