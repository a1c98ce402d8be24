"""For the container: imports every module of the environment that runs this, and says which ones can be.

    python -P import-modules.py

The modules of a top-level package are imported by a process of their own, one after the other. Where a module ends the
process, or takes too long, another one goes on behind it. The answer is JSON on standard output: the modules that were
imported, and for the others why not.
"""

import importlib
import importlib.machinery
import json
import os
import select
import signal
import sys
import sysconfig

TOO_LONG = 20
MOST_ENDS = 10


def modules(site):
    """All names below a directory that could be imported, by top-level name, each after the package that it is in."""
    suffixes = importlib.machinery.EXTENSION_SUFFIXES + [".py"]
    found = {}
    for directory, directories, files in os.walk(site):
        directories[:] = sorted(name for name in directories if name.isidentifier() and name != "__pycache__")
        parts = os.path.relpath(directory, site).split(os.sep) if directory != site else []
        for file in sorted(files, key=lambda file: (file != "__init__.py", file)):
            stem = next((file[: -len(suffix)] for suffix in suffixes if file.endswith(suffix)), "")
            # What is called __main__ is a program.
            if not stem.isidentifier() or stem == "__main__" or (stem == "__init__" and not parts):
                continue
            name = ".".join(parts if stem == "__init__" else parts + [stem])
            found.setdefault(name.split(".")[0], {})[name] = None
    return {top: list(names) for top, names in sorted(found.items())}


def work(names, answers):
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    for name in names:
        reason = None
        try:
            importlib.import_module(name)
        except BaseException as error:
            reason = ("%s: %s" % (type(error).__name__, error))[:200]
        os.write(answers, (json.dumps([name, reason]) + "\n").encode())


def attempt(names):
    """What one process said of the first names, and why it went no further."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            os.setpgid(0, 0)
            work(names, writing)
        finally:
            os._exit(0)
    os.close(writing)
    text = b""
    why = "it ended the process"
    while True:
        if not select.select([reading], [], [], TOO_LONG)[0]:
            why = "it took too long"
            break
        chunk = os.read(reading, 65536)
        if not chunk:
            break
        text += chunk
        if text.count(b"\n") == len(names):
            break
    os.close(reading)
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        pass
    os.waitpid(child, 0)
    return [json.loads(line) for line in text.split(b"\n")[:-1]], why


def main():
    imported, failed = [], {}
    for names in modules(sysconfig.get_path("purelib")).values():
        ends = 0
        while names and ends < MOST_ENDS:
            answers, why = attempt(names)
            for name, reason in answers:
                if reason is None:
                    imported.append(name)
                else:
                    failed[name] = reason
            names = names[len(answers) :]
            if names:
                failed[names[0]] = why
                names = names[1:]
                ends += 1
        failed.update((name, "not tried") for name in names)
    json.dump({"imported": imported, "failed": failed}, sys.stdout)


main()
