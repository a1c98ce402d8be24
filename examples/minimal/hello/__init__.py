import cowsay


def main() -> None:
    cowsay.cow("Hello from microb")
