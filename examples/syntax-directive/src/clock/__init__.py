import sys


def main() -> None:
    print(f"Python {sys.version_info.major}.{sys.version_info.minor}")
