"""Installs wheels into an environment below an output directory.

    python3 -S -B install.py [--requested NAME]... [--home-owner UID:GID] --out OUT --prefix PREFIX WHEEL...

A WHEEL is a file whose hash was checked, or a directory that holds one that was built here. What is below OUT afterwards is
the same for the same wheels, prefix and Python, whatever else is installed by the same call and however many processors
there are. OUT must be empty, and is again after an error. Set PYTHONHASHSEED: before Python 3.11 it steers bytecode.

Wheels are checked while they are unpacked. Each problem is one line `microb: WHEEL: PROBLEM` on standard error, and the
exit code is 1. What is wrong with RECORD alone is a warning if the wheel's own hash was checked: pip does not look at it.

Sources: the binary distribution format, recording installed projects and entry points specifications of the Python
packaging user guide; pip's layout of a virtual environment.
"""

import csv
import getopt
import os
import shutil
import struct
import sys
import warnings
import zipfile
import zlib

from archive import read_members, read_text
from bytecode import compile_all
from entry_points import LARGEST_ENTRY_POINTS, entry_points, script_text
from metadata import expected_identity, find_data, find_info
from names import is_bytecode, is_metadata, normal_name
from problem import Problem, complain, show
from record import Doubts, read_record, verified, write_record
from target import Target

DATA_KEYS = ("purelib", "platlib", "scripts", "headers", "data")
DROPPED = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")
NOT_A_WHEEL = (zipfile.BadZipFile, zlib.error, struct.error, csv.Error, EOFError, RuntimeError, ValueError)


def place(target, path, data, project):
    """Where a member goes, and whether it is a script. `data` are the directories of what goes elsewhere."""
    top, _, rest = path.partition("/")
    if top not in data:
        return target.site + "/" + path, False
    key, _, rest = rest.partition("/")
    if key not in DATA_KEYS or not rest:
        raise Problem("holds %s, which has no place" % show(path))
    if key == "scripts":
        return "bin/" + rest, True
    if key == "headers":
        return "%s/%s/%s" % (target.headers, project, rest), False
    if key == "data":
        # lib64 is a link to lib in environments before Python 3.15.
        linked = rest.startswith("lib64/") and sys.version_info < (3, 15)
        return ("lib/" + rest[len("lib64/") :] if linked else rest), False
    return target.site + "/" + rest, False


def check_goal(target, path, goal, info):
    """Refuses the metadata of another project, wherever in a wheel it is."""
    if goal.startswith(target.site + "/"):
        top = goal[len(target.site) + 1 :].split("/")[0]
        if is_metadata(top) and top != info:
            raise Problem("holds %s, which is the metadata of another project" % show(path))


def with_interpreter(blocks, prefix):
    """The blocks of a script that says `#!python` with the environment's own interpreter; others as they are."""
    first = next(blocks, b"")
    if first.startswith(b"#!python"):
        line, newline, rest = first.partition(b"\n")
        first = b"#!%s/bin/python" % prefix.encode() + newline + rest
    yield first
    for block in blocks:
        yield block


def install(target, filename, file, requested, doubts):
    """Installs one wheel but for its bytecode. Gives the name of its metadata directory and its paths."""
    expected = expected_identity(filename)
    archive = zipfile.ZipFile(file)
    files = read_members(archive, os.fstat(file.fileno()).st_size)
    info, project = find_info(archive, files, expected)
    data = find_data(files, expected)
    other = target.projects.setdefault(normal_name(project), filename)
    if other != filename:
        raise Problem("is a second wheel of %s, beside %s" % (show(project), show(other)))
    record = read_record(archive, files, info, doubts)
    points = info + "/entry_points.txt"
    text = read_text(archive, files, points, LARGEST_ENTRY_POINTS) if points in files else ""
    scripts = entry_points(text)
    dropped = {"%s/%s/%s" % (target.site, info, name) for name in DROPPED}
    paths = []

    def write(path, blocks, mode):
        target.write(path, blocks, mode, filename)
        paths.append(path)

    for path in sorted(files):
        member = files[path]
        blocks = verified(archive, member, record.get(path), doubts)
        goal, is_script = place(target, path, data, project)
        check_goal(target, path, goal, info)
        # Old wheels bring what their entry points say as scripts too.
        if goal in dropped or is_bytecode(goal) or (is_script and goal[len("bin/") :] in scripts):
            for _ in blocks:
                pass
            continue
        executable = is_script or member.external_attr >> 16 & 0o111
        write(goal, with_interpreter(blocks, target.prefix) if is_script else blocks, 0o755 if executable else 0o644)
    for name, (module, attribute) in sorted(scripts.items()):
        write("bin/" + name, iter([script_text(target.prefix, module, attribute).encode()]), 0o755)
    write("%s/%s/INSTALLER" % (target.site, info), iter([b"microb\n"]), 0o644)
    if normal_name(project) in requested:
        write("%s/%s/REQUESTED" % (target.site, info), iter([]), 0o644)
    doubts.tell_rest()
    return info, paths


def find_file(given):
    """The wheel's own file name, and where it is."""
    if not os.path.isdir(given):
        return os.path.basename(given), given
    found = sorted(name for name in os.listdir(given) if name.endswith(".whl"))
    if len(found) != 1:
        raise Problem("holds %s instead of one wheel" % (", ".join(map(show, found)) or "nothing"))
    return found[0], given + "/" + found[0]


def install_one(target, given, requested, installed):
    name = os.path.basename(given)
    try:
        name, path = find_file(given)
        with open(path, "rb") as file:
            installed[name] = install(target, name, file, requested, Doubts(name, path == given))
        return True
    except Problem as problem:
        complain(name, str(problem))
    except OSError as error:
        path = str(error.filename or "").replace(target.out, "")
        complain(name, "%s: %s" % (show(path) if path else "cannot be read", error.strerror or error))
    except NOT_A_WHEEL as error:
        complain(name, "is not a wheel, or a broken one: %s" % ascii(str(error))[1:-1])
    return False


def install_all(target, wheels, requested):
    installed = {}
    # All problems are said, not the first one only.
    if not all([install_one(target, wheel, requested, installed) for wheel in wheels]):
        return False
    compile_all(target, installed)
    for filename, (info, paths) in installed.items():
        write_record(target, filename, info, paths)
    target.make_directory(target.prefix, "")
    target.set_times()
    return True


def empty(directory):
    for entry in os.scandir(directory):
        shutil.rmtree(entry.path) if entry.is_dir(follow_symlinks=False) else os.unlink(entry.path)


def main(arguments):
    given, wheels = getopt.getopt(arguments, "", ["out=", "prefix=", "home-owner=", "requested="])
    options = dict(given)
    owner = options.get("--home-owner")
    target = Target(
        options["--out"].rstrip("/"),
        options["--prefix"].rstrip("/"),
        tuple(map(int, owner.split(":"))) if owner else None,
    )
    requested = {normal_name(value) for name, value in given if name == "--requested"}
    os.umask(0o022)  # so that modes are what is asked for
    warnings.simplefilter("ignore")
    if os.listdir(target.out):
        sys.exit("microb: %s is not empty" % target.out)
    done = False
    try:
        done = install_all(target, wheels, requested)
    except Problem as problem:
        sys.stderr.write("microb: %s\n" % problem)
    finally:
        if not done:
            empty(target.out)
    if not done:
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
