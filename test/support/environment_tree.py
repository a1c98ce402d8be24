"""How an environment that pip made differs from ours: a list of sentences."""

import glob
import marshal
import os
import stat
import sys

SITE = "lib/python%d.%d/site-packages" % sys.version_info[:2]


def tree(root):
    """What is at each path: kind, mode, owner, and the bytes of a file or the target of a link."""
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


def record(text, is_pip=False):
    """The rows of a RECORD. pip notes bytecode that a wheel brings twice: as it was, and as it is compiled anew."""
    rows = sorted(line for line in text.decode().replace("\r\n", "\n").split("\n") if line)
    if not is_pip:
        return rows
    return [row for row in rows if not (".pyc,sha256=" in row and row.split(",")[0] + ",," in rows)]


def differences(pip, microb, pip_root):
    """Compares two trees. The scripts of the first are looked up in its directory, which may have been moved."""
    differences = []
    scripts = set()
    for path in glob.glob("%s/%s/*.dist-info/entry_points.txt" % (pip_root, SITE)):
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
            # Bytecode elsewhere is that of a wheel, which is not to be loaded.
            elif name.endswith(".pyc") and os.path.basename(base) == "__pycache__":
                if not same_code(content, content2):
                    differences.append("%s: other code" % path)
                if content2[4:8] != b"\1\0\0\0":
                    differences.append("%s: flags %r" % (path, content2[4:8]))
            elif base.endswith(".dist-info") and name == "RECORD":
                def kept(rows):
                    return [
                        row for row in rows
                        if os.path.basename(row.split(",")[0]) not in ("INSTALLER", "REQUESTED", "direct_url.json")
                        and os.path.normpath(os.path.join(SITE, row.split(",")[0])) not in scripts
                        and "bin/__pycache__" not in row
                    ]
                rows, rows2 = kept(record(content, is_pip=True)), kept(record(content2))
                if rows != rows2:
                    differences.append("%s: %s" % (path, sorted(set(rows) ^ set(rows2))[:12]))
            elif base.endswith(".dist-info") and name == "INSTALLER":
                pass
            elif content.startswith(b"\x7fELF") and content2.startswith(b"\x7fELF"):
                differences.append("%s: other machine code" % path)
            else:
                shown = [text[:300].decode("utf-8", "replace") for text in (content2, content)]
                differences.append("%s: other content: %r, not %r" % (path, *shown))
    return differences
