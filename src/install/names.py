"""What names mean: the name normalization, version specifiers and metadata directories of Python packaging."""

import re


def normal_name(name):
    return re.sub(r"[-_.]+", "-", name).lower()


VERSION = re.compile(
    r"v?(?:(\d+)!)?(\d+(?:\.\d+)*)"
    r"(?:[-.]?(alpha|a|beta|b|preview|pre|c|rc)[-.]?(\d*))?"
    r"(?:-(\d+)|[-.]?(post|rev|r)[-.]?(\d*))?"
    r"(?:[-.]?(dev)[-.]?(\d*))?"
    r"(?:\+([a-z0-9]+(?:[-.][a-z0-9]+)*))?"
)
PRE = {"alpha": "a", "beta": "b", "c": "rc", "pre": "rc", "preview": "rc"}


def normal_version(text):
    """Equal for versions that PEP 440 calls equal. File names have `_` for `-`."""
    text = text.strip().lower().replace("_", "-")
    match = VERSION.fullmatch(text)
    if not match:
        return text
    epoch, release, pre, pre_number, implicit, post, post_number, dev, dev_number, local = match.groups()
    numbers = [int(number) for number in release.split(".")]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return (
        int(epoch or 0),
        numbers,
        pre and (PRE.get(pre, pre), int(pre_number or 0)),
        int(implicit or post_number or 0) if implicit or post else None,
        dev and int(dev_number or 0),
        local and [part.lstrip("0") or "0" if part.isdigit() else part for part in re.split("[-.]", local)],
    )


def identity(name, version):
    return normal_name(name), normal_version(version)


def is_stem(stem, expected):
    """Whether NAME-VERSION, in which a name or version of an old wheel may have dashes of its own, is the expected."""
    dashes = [position for position, character in enumerate(stem) if character == "-"]
    return any(identity(stem[:dash], stem[dash + 1 :]) == expected for dash in dashes)


def is_metadata(name):
    """Whether Python takes a directory of this name for the metadata of a project. It does so in any case of letters."""
    return name.lower().endswith(".dist-info")


def is_bytecode(path):
    """Whether a file is bytecode where Python looks for it beside a source. What wheels bring there is not installed."""
    return path.endswith(".pyc") and "__pycache__" in path.split("/")[-2:-1]
