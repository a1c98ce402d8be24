import click
import itsdangerous
import markupsafe


@click.command()
@click.argument("name", default="you & me")
def main(name):
    signed = itsdangerous.Signer("key").sign(name).decode()
    click.echo(f"Hello {markupsafe.escape(itsdangerous.Signer('key').unsign(signed).decode())}, from a lock")


if __name__ == "__main__":
    main()
