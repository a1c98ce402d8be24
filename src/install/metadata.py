"""Which project a wheel is of: its file name, its metadata directory and METADATA have to agree."""

from archive import read_text
from names import identity, is_metadata, is_stem
from problem import Problem, show

LARGEST_METADATA = 16 << 20  # bytes of METADATA, WHEEL or RECORD; with a long README the first has half a megabyte
LONGEST_HEADER = 255  # characters of a name or version: both are in names of directories


def headers(text):
    """The header lines of METADATA or WHEEL by their names in lower case; the first of a name counts."""
    found = {}
    for line in text.split("\n"):
        if not line.strip():
            break
        name, colon, value = line.partition(":")
        if colon and not line[0].isspace():
            found.setdefault(name.strip().lower(), value.strip())
    return found


def header(found, name, file):
    value = found.get(name.lower())
    if not value:
        raise Problem("has no %s in its %s" % (name, file))
    if len(value) > LONGEST_HEADER:
        raise Problem("has a %s of %d characters in its %s" % (name, len(value), file))
    return value


def expected_identity(filename):
    """The name and version that the file's name says."""
    parts = filename[: -len(".whl")].split("-")
    if not filename.endswith(".whl") or len(parts) not in (5, 6):
        raise Problem("is not the name of a wheel")
    return identity(parts[0], parts[1])


def find_info(archive, files, expected):
    """The metadata directory, and the project's name as METADATA spells it."""
    tops = {path.split("/")[0] for path in files if "/" in path}
    found = sorted(filter(is_metadata, tops))
    if len(found) != 1:
        raise Problem("holds %s" % (" and ".join(map(show, found[:5])) if found else "no .dist-info directory"))
    info = found[0]
    # Whoever looks for metadata by its exact name would not find this one.
    if not info.endswith(".dist-info") or not is_stem(info[: -len(".dist-info")], expected):
        raise Problem("holds %s, which is not what its name says" % show(info))
    found = headers(read_text(archive, files, info + "/METADATA", LARGEST_METADATA))
    name, version = header(found, "Name", "METADATA"), header(found, "Version", "METADATA")
    if identity(name, version) != expected:
        raise Problem("says in METADATA that it is %s" % show("%s==%s" % (name, version)))
    found = headers(read_text(archive, files, info + "/WHEEL", LARGEST_METADATA))
    wheel = header(found, "Wheel-Version", "WHEEL")
    if wheel.split(".")[0] != "1":
        raise Problem("has the wheel version %s; only 1 is known" % show(wheel))
    return info, name


def find_data(files, expected):
    """The directories of files that go elsewhere than to the packages. Cases and dashes of their names may differ."""
    found = {path.split("/")[0] for path in files if "/" in path}
    found = {top for top in found if top.endswith(".data")}
    for top in sorted(found):
        if not is_stem(top[: -len(".data")], expected):
            raise Problem("holds %s, which is not what its name says" % show(top))
    return found
