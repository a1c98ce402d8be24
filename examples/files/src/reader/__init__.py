"""Reads files that were copied into its image."""

from pathlib import Path


def main() -> None:
    names = ["data/one.txt", "data/two.txt", "note.txt", "bundle/inside.txt", "base"]
    print(*(Path("/srv", name).read_text().strip() for name in names), sep=", ")
