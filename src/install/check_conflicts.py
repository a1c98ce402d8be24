"""Compares environments that install.py made apart from each other and that are to be laid over one another.

    python3 -S -B check_conflicts.py --prefix PREFIX TREE...

Two trees with different bytes at one path, a file where another has a directory, and two versions of one project are lines
`microb: NAME: ...` on standard error, and the exit code is 1. So is a tree that cannot be read to its end. Equal bytes are
fine. What counts is what the trees hold: a RECORD only tells the name of who brings it.
"""

import csv
import getopt
import os
import posixpath
import stat
import sys

from names import is_bytecode, is_metadata, normal_name
from problem import complain, show

LIMIT = 20  # conflicts that are told one by one
BLOCK = 1 << 20


def entries(root, path=""):
    """(path, kind) for all that a directory holds."""
    for entry in os.scandir(posixpath.join(root, path)):
        below = posixpath.join(path, entry.name)
        if entry.is_dir(follow_symlinks=False):
            yield below, "directory"
            yield from entries(root, below)
        else:
            yield below, "link" if entry.is_symlink() else "file"


def has_same_content(one, other, kind):
    if kind == "link":
        return os.readlink(one) == os.readlink(other)
    with open(one, "rb") as first, open(other, "rb") as second:
        while True:
            block = first.read(BLOCK)
            if block != second.read(BLOCK):
                return False
            if not block:
                return True


def is_same(path, known, tree, kind):
    other, other_kind = known
    # Bytecode is made from the source beside it, which is compared.
    if kind != other_kind or kind == "directory" or is_bytecode(path):
        return kind == other_kind
    return has_same_content(posixpath.join(other, path), posixpath.join(tree, path), kind)


def find_conflicts(roots):
    """(path, one root, another root) for each path that they do not have alike."""
    known = {}
    for root in roots:
        for path, kind in entries(root):
            other = known.setdefault(path, (root, kind))
            if other[0] != root and not is_same(path, other, root, kind):
                yield path, other[0], root


def packages(root):
    """The directories of a tree that hold packages, relative to it."""
    library = posixpath.join(root, "lib")
    found = os.listdir(library) if os.path.isdir(library) else []
    sites = (posixpath.join("lib", name, "site-packages") for name in sorted(found))
    return [site for site in sites if os.path.isdir(posixpath.join(root, site))]


def projects(root):
    """(site, metadata directory) of each project of a tree."""
    for site in packages(root):
        for name in sorted(filter(is_metadata, os.listdir(posixpath.join(root, site)))):
            yield site, name


def stem(info):
    return info[: -len(".dist-info")]


def find_doubles(roots):
    """(one metadata directory, another) of one project."""
    known = {}
    for root in roots:
        for _, info in projects(root):
            other = known.setdefault(normal_name(stem(info).rpartition("-")[0]), info)
            if other != info:
                yield other, info


def owner(root, path):
    """The project of a tree that says it has a path, or something below it; else the name of the tree's directory."""
    for site, info in projects(root):
        try:
            with open(posixpath.join(root, site, info, "RECORD"), encoding="utf-8", errors="replace", newline="") as file:
                for row in csv.reader(file):
                    listed = posixpath.normpath(posixpath.join(site, row[0])) if row else ""
                    if listed == path or listed.startswith(path + "/"):
                        return stem(info)
        except (OSError, csv.Error):
            continue
    return ""


def kind_of(root, path):
    return "a directory" if stat.S_ISDIR(os.lstat(posixpath.join(root, path)).st_mode) else "a file"


def tell(path, one, other, trees):
    names = [owner(root, path) or posixpath.basename(trees[root]) for root in (one, other)]
    kinds = [kind_of(root, path) for root in (one, other)]
    if kinds[0] == kinds[1]:
        complain(names[1], "brings other bytes for %s than %s" % (show(path), show(names[0])))
    else:
        said = show(path), kinds[1], show(names[0]), kinds[0]
        complain(names[1], "brings %s as %s, which %s brings as %s" % said)


def check(trees):
    """How many conflicts there are, once they are told. `trees` are the trees by what they hold below the prefix."""
    doubles = sorted(set(find_doubles(trees)))
    found = sorted(set(find_conflicts(trees)))
    for one, other in doubles[:LIMIT]:
        complain(stem(other), "is a second version of the project of %s" % show(stem(one)))
    for path, one, other in found[:LIMIT]:
        tell(path, one, other, trees)
    if len(found) > LIMIT:
        sys.stderr.write("microb: and %d more paths like these\n" % (len(found) - LIMIT))
    return len(doubles) + len(found)


def main(arguments):
    options, trees = getopt.getopt(arguments, "", ["prefix="])
    prefix = dict(options)["--prefix"]
    try:
        count = check({tree + prefix: tree for tree in trees})
    except OSError as error:
        where = show(os.fsdecode(error.filename)) if error.filename else "the trees"
        sys.exit("microb: cannot compare the packages: %s: %s" % (where, error.strerror))
    sys.exit(1 if count else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
