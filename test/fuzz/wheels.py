"""Takes invented wheels as child.ts takes invented texts: `wheels.py FIRST COUNT FILE`.

A wheel is right but for a few lies in its names, metadata, RECORD, entry points, sources or bytes. It must be installed or
refused with a message. Each seed stands in FILE before it is tried; findings and the progress are lines of JSON.
"""

import base64
import contextlib
import hashlib
import io
import json
import os
import random
import resource
import shutil
import sys
import tempfile
import traceback
import zipfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../src/install"))
import install  # noqa: E402

MAX_SECONDS = 2
MAX_MEGABYTES = 512
OFTEN = 100
ODD = ["", " ", "\n", "\r", "\0", "é", "/", "..", "../", "a/", "//", "-", ".", "_", ":", "=", ",", '"', "[", "#", "\\", "\ud7ff"]
ODD += ["1" * 400, "(" * 300, "1.0", "x.data", "X.DIST-INFO", "bin/python", "lib64/", "pyvenv.cfg", "sha256=", "#!python\n"]


def odd(choose):
    text = choose.choice(ODD)
    return (text * choose.choice([1, 1, 1, 20, 5000]))[:20000]


def lie(choose, text):
    """The text, or in one of some cases something else."""
    if choose.random() > 0.08:
        return text
    at = choose.randrange(len(text) + 1)
    return choose.choice([odd(choose), text[:at] + odd(choose) + text[at:], text[:at], text.upper(), text * 2])


def source(choose):
    """A Python source, most of which compile."""
    return choose.choice(
        [
            "x = 1\n",
            "def f(:\n",
            "x = %s1%s\n" % ("(" * (depth := choose.choice([1, 90, 3000])), ")" * depth),
            "x = [%s]\n" % ("1," * choose.choice([1, 1000, 100000])),
            "x = 1 %s\n" % ("+ 1 " * choose.choice([1, 1000, 20000])),
            "# coding: %s\n" % odd(choose),
            "x = '%s'\n" % odd(choose),
            "%spass\n" % "".join("%sif 1:\n" % (" " * indent) for indent in range(choose.choice([1, 50, 99]))),
        ]
    )


def wheel(choose):
    """The name and the bytes of a wheel."""
    name, version = lie(choose, "demo"), lie(choose, "1.0")
    info = lie(choose, "%s-%s.dist-info" % (name, version))
    members = {"demo/__init__.py": source(choose)}
    for _ in range(choose.randrange(4)):
        place = choose.choice(["demo/a.py", "demo-1.0.data/scripts/run", "demo-1.0.data/data/share/x", "a/" * choose.choice([1, 40, 3000]) + "b"])
        members[lie(choose, place)] = source(choose)
    members[info + "/METADATA"] = lie(choose, "Metadata-Version: 2.1\nName: %s\nVersion: %s\n" % (name, version))
    members[info + "/WHEEL"] = lie(choose, "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    if choose.random() < 0.5:
        script = lie(choose, "run = demo.a:main\n") * choose.choice([1, 1, 2000])
        members[info + "/entry_points.txt"] = lie(choose, "[console_scripts]\n" + script)
    rows = []
    for path, text in members.items():
        data = text.encode("utf-8", "surrogatepass")
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
        rows.append(lie(choose, "%s,sha256=%s,%d" % (path, digest, len(data))))
    members[info + "/RECORD"] = lie(choose, "\n".join(rows + ["%s/RECORD,,\n" % info]))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", choose.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])) as file:
        for path, text in members.items():
            file.writestr(zipfile.ZipInfo(path[:60000] or "x"), text.encode("utf-8", "surrogatepass"))
    data = bytearray(archive.getvalue())
    for _ in range(choose.choice([0, 0, 0, 3])):
        data[choose.randrange(len(data))] = choose.randrange(256)
    return "demo-1.0-py3-none-any.whl", bytes(data)


def used():
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(one.ru_utime + one.ru_stime for one in (own, children)), max(own.ru_maxrss, children.ru_maxrss) // 1024


def take(seed, directory):
    """Installs the wheel of a seed. Gives what is wrong with that, or None."""
    name, data = wheel(random.Random(seed))
    out, given = os.path.join(directory, "out"), os.path.join(directory, name)
    os.mkdir(out)
    with open(given, "wb") as file:
        file.write(data)
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said):
            install.main(["--out", out, "--prefix", "/home/nonroot/.local", given])
    except SystemExit as end:
        if end.code != 1 or not said.getvalue().startswith("microb: "):
            return "it ends with %s and says %s" % (end.code, ascii(said.getvalue()[:300]))
    except BaseException:
        return traceback.format_exc()[-1000:]
    finally:
        shutil.rmtree(out, ignore_errors=True)
    return None


def say(line):
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def main(first, count, position):
    seconds, slowest, megabytes = 0.0, 0.0, 0
    with open(position, "w") as file, tempfile.TemporaryDirectory() as directory:
        for seed in range(first, first + count):
            file.seek(0)
            file.write(("%d " % seed).ljust(20))
            file.flush()
            before, _ = used()
            failure = take(seed, directory)
            after, megabytes = used()
            taken = after - before
            seconds, slowest = seconds + taken, max(slowest, taken)
            kind, what = (
                ("defect", failure)
                if failure
                else ("slow", "%.1f s" % taken)
                if taken > MAX_SECONDS
                else ("memory", "%d MB" % megabytes)
                if megabytes > MAX_MEGABYTES
                else (None, None)
            )
            if kind:
                say({"seed": seed, "kind": kind, "what": what})
            if kind == "memory" or seed == first + count - 1 or (seed - first) % OFTEN == OFTEN - 1:
                say({"done": seed - first + 1, "seconds": seconds, "slowest": slowest, "megabytes": megabytes})
            if kind == "memory":
                break


main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
