import os


def main() -> None:
    print(f"working as user {os.getuid()}, parent {os.getppid()}")


def admin() -> None:
    print("nothing to administer")
