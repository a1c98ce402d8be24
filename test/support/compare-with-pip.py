"""For the container: installs the wheels of a directory with pip and with install.py, and says how the results differ.

    python3 compare-with-pip.py WHEELS SKELETON

SKELETON is what `venvSkeleton` gives, as JSON. The answer is JSON on standard output: a list of sentences.
"""

import glob
import hashlib
import json
import marshal
import os
import stat
import subprocess
import sys

PREFIX = "/home/nonroot/.local"
SITE = "lib/python%d.%d/site-packages" % sys.version_info[:2]
ENV = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"}


def tree(root):
    found = {}
    for directory, directories, files in os.walk(root):
        for name in directories + files:
            path = os.path.join(directory, name)
            status = os.lstat(path)
            kind = stat.S_IFMT(status.st_mode)
            content = ""
            if kind == stat.S_IFREG:
                with open(path, "rb") as file:
                    content = file.read()
            elif kind == stat.S_IFLNK:
                content = os.readlink(path)
            found[os.path.relpath(path, root)] = kind, stat.S_IMODE(status.st_mode), status.st_uid, content
    return found


def same_code(one, other):
    one, other = marshal.loads(one[16:]), marshal.loads(other[16:])
    return one == other and one.co_filename == other.co_filename


def record(text):
    return sorted(line for line in text.decode().replace("\r\n", "\n").split("\n") if line)


def main(wheels, skeleton):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", PREFIX], check=True)
    real = tree(PREFIX)
    files = sorted(glob.glob(wheels + "/*.whl"))
    subprocess.run(
        ["pip", "-q", "--python", PREFIX + "/bin/python", "install", "--no-deps", "--no-index", "--root-user-action", "ignore"]
        + files,
        check=True,
        env=dict(ENV, PIP_DISABLE_PIP_VERSION_CHECK="1"),
        stdout=sys.stderr,
    )
    pip = tree(PREFIX)
    os.mkdir("/out")
    subprocess.run(
        [sys.executable, "-S", "-B", "/install/install.py", "--home-owner", "65532:65532", "--out", "/out", "--prefix", PREFIX]
        + files,
        check=True,
        env=ENV,
    )
    os.rename(PREFIX, PREFIX + ".pip")
    ours = "/out" + PREFIX
    for entry in json.loads(skeleton):
        path = ours + "/" + entry["path"]
        if entry["kind"] == "directory":
            os.makedirs(path, exist_ok=True)
        elif entry["kind"] == "symlink":
            os.symlink(entry["target"], path)
        else:
            with open(path, "w") as file:
                file.write(entry["text"])
    microb = tree(ours)
    os.rename(ours, PREFIX)
    where = subprocess.run(
        [PREFIX + "/bin/python", "-c", "import sys; print(sys.prefix, sys.executable, *[p for p in sys.path if 'site-packages' in p])"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()

    differences = []
    scripts = set()
    for path in glob.glob("%s.pip/%s/*.dist-info/entry_points.txt" % (PREFIX, SITE)):
        section = ""
        for line in open(path):
            line = line.strip()
            if line.startswith("["):
                section = line
            elif "=" in line and section in ("[console_scripts]", "[gui_scripts]"):
                scripts.add("bin/" + line.split("=")[0].strip())
    for path in sorted(set(pip) | set(microb)):
        base, name = os.path.split(path)
        if path not in microb:
            differences.append("only pip: " + path)
        elif path not in pip:
            differences.append("only microb: " + path)
        elif pip[path] != microb[path]:
            (kind, mode, uid, content), (kind2, mode2, uid2, content2) = pip[path], microb[path]
            if (kind, mode, uid) != (kind2, mode2, uid2):
                differences.append("%s: mode %o, not %o" % (path, mode2, mode))
            if content == content2:
                continue
            if path in scripts:
                head = content.split(b"\n")[0]
                if head != content2.split(b"\n")[0]:
                    differences.append("%s: %s, not %s" % (path, content2.split(b"\n")[0], head))
            elif name.endswith(".pyc"):
                if not same_code(content, content2):
                    differences.append("%s: other code" % path)
                if content2[4:8] != b"\1\0\0\0":
                    differences.append("%s: flags %r" % (path, content2[4:8]))
            elif base.endswith(".dist-info") and name == "RECORD":
                def kept(text):
                    return [
                        row for row in record(text)
                        if os.path.basename(row.split(",")[0]) not in ("INSTALLER", "REQUESTED", "direct_url.json")
                        and os.path.normpath(os.path.join(SITE, row.split(",")[0])) not in scripts
                        and "bin/__pycache__" not in row
                    ]
                if kept(content) != kept(content2):
                    differences.append("%s: %s" % (path, sorted(set(kept(content)) ^ set(kept(content2)))[:6]))
            elif base.endswith(".dist-info") and name == "INSTALLER":
                pass
            else:
                shown = [text[:300].decode("utf-8", "replace") for text in (content2, content)]
                differences.append("%s: other content: %r, not %r" % (path, *shown))
    print(json.dumps({"differences": differences, "where": where, "files": len(microb), "wheels": len(files)}))


main(*sys.argv[1:])
