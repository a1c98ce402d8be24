from pathlib import Path


def main() -> None:
    print("pong,", Path("/srv/motd.txt").read_text().strip())
