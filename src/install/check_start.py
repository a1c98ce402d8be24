"""Looks whether a container of this image can start its program, and which shared libraries it lacks.

    python -I check_start.py PREFIX [PROGRAM [ARGUMENT]]

A program that cannot be started is a line `microb: ...`, and the exit code is 1. Extensions below the environment's
PREFIX that want a library of `libraries.json`, beside this file, which is nowhere, are named, and that is all: they may
be optional.
"""

import difflib
import glob
import json
import mmap
import os
import re
import shutil
import sys

LARGEST = 64 << 20  # larger files bring their libraries along, and would take long to read


def find_problem(program, prefix):
    """Why the program cannot be started, or None."""
    found = program if "/" in program else shutil.which(program) or shutil.which(program, os.F_OK)
    if not found or not os.path.exists(found):
        names = os.listdir(prefix + "/bin") if os.path.isdir(prefix + "/bin") else []
        near = difflib.get_close_matches(program, names, 1)
        hint = "did you mean %s?" % json.dumps(near[0]) if near else "add the package that has it to the dependencies"
        return "the image has no program %s: %s" % (json.dumps(program), hint)
    if os.path.isdir(found):
        return "%s is a directory" % found
    if not os.access(found, os.X_OK):
        return "%s is not executable: set chmod in copy_files, or start it by its interpreter" % found
    if not os.access(found, os.R_OK):
        return None
    with open(found, "rb") as file:
        line = file.readline(256)
    if not line.startswith(b"#!"):
        return None
    if line.endswith(b"\r\n"):
        return "the lines of %s end with CR LF, so its interpreter is not found: save it with LF" % found
    words = line[2:].split()
    interpreter = os.fsdecode(words[0]) if words else ""
    if not os.path.exists(interpreter):
        return "%s asks for the interpreter %s, which the image does not have" % (found, interpreter)
    return None


def find_missing_script(program, script):
    """Why Python cannot find the script that it is to run, or None. An absolute path may be that of a volume."""
    is_script = re.fullmatch(r"python[\d.]*", os.path.basename(program)) and script.endswith(".py")
    if not is_script or script.startswith(("-", "/")) or os.path.exists(script):
        return None
    directory, name = os.path.split(script)
    names = os.listdir(directory or ".") if os.path.isdir(directory or ".") else []
    near = difflib.get_close_matches(name, names, 1)
    hint = "did you mean %s?" % json.dumps(os.path.join(directory, near[0])) if near else "check its path"
    return "there is no file %s in %s, where a container starts: %s" % (json.dumps(script), os.getcwd(), hint)


def extensions(prefix):
    for directory, _, names in os.walk(prefix + "/lib"):
        for name in names:
            path = os.path.join(directory, name)
            if (name.endswith(".so") or ".so." in name) and 0 < size(path) <= LARGEST:
                yield path


def size(path):
    """In bytes; 0 for what cannot be read, such as a link to nowhere."""
    try:
        return os.path.getsize(path) if os.access(path, os.R_OK) else 0
    except OSError:
        return 0


def missing_libraries(prefix, packages):
    """(extension, library) for each library that is in no directory where it would be looked for."""
    paths = list(extensions(prefix))
    brought = {os.path.basename(path) for path in paths}
    places = ["/lib", "/usr/lib", "/usr/local/lib", "/lib/*-linux-*", "/usr/lib/*-linux-*"]
    places += os.environ.get("LD_LIBRARY_PATH", "").split(":")
    absent = [
        name
        for name in packages
        if name not in brought and not any(glob.glob(place + "/" + name) for place in places if place)
    ]
    for path in paths:
        with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            for name in absent:
                if data.find(b"\0" + name.encode() + b"\0") >= 0:
                    yield path, name


def main(prefix, program=None, argument=""):
    with open(os.path.join(os.path.dirname(__file__), "libraries.json"), encoding="utf-8") as file:
        packages = json.load(file)
    for path, name in missing_libraries(prefix, packages):
        package = packages[name]["alpine" if os.path.exists("/etc/alpine-release") else "debian"]
        where = os.path.relpath(path, prefix).split("site-packages/")[-1]
        advice = "system_deps = %s" % json.dumps([package])
        print("microb: %s needs %s, which the image does not have: %s" % (where, name, advice), flush=True)
    problem = program and (find_problem(program, prefix) or find_missing_script(program, argument))
    if problem:
        sys.exit("microb: " + problem)


if __name__ == "__main__":
    main(*sys.argv[1:])
