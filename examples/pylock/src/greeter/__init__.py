import click
import six


@click.command()
def main():
    click.echo(f"Greetings with six {six.__version__}, from a pylock")
