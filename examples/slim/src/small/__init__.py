from pathlib import Path

import markupsafe


def main() -> None:
    tests = Path(__file__).parent / "tests"
    cache = Path(markupsafe.__file__).parent / "__pycache__"
    print(markupsafe.escape("<tests>"), tests.exists(), cache.exists())
