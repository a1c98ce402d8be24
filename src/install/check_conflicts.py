"""Compares environments that install.py made apart from each other and that are to be laid over one another.

    python3 -S -B check_conflicts.py --prefix PREFIX TREE...

Two projects that bring different bytes for one path are a line `microb: NAME: ...` on standard error, and the exit code
is 1. Equal bytes are fine. Only the RECORDs are read; they list every file.
"""

import csv
import getopt
import os
import posixpath
import sys

LIMIT = 20  # conflicts that are told one by one


def records(tree, prefix):
    """Path of the site-packages relative to the prefix, metadata directory and RECORD of each project of a tree."""
    libraries = os.path.join(tree + prefix, "lib")
    for library in sorted(os.listdir(libraries)) if os.path.isdir(libraries) else []:
        site = os.path.join("lib", library, "site-packages")
        packages = os.path.join(tree + prefix, site)
        for info in sorted(os.listdir(packages)) if os.path.isdir(packages) else []:
            record = os.path.join(packages, info, "RECORD")
            if info.endswith(".dist-info") and os.path.isfile(record):
                yield site, info, record


def conflicts(trees, prefix):
    """(path, one project, other project) for each path with different bytes."""
    known = {}
    for tree in trees:
        for site, info, record in records(tree, prefix):
            project = info[: -len(".dist-info")]
            with open(record, encoding="utf-8", newline="") as file:
                for path, digest, _ in csv.reader(file):
                    path = posixpath.normpath(posixpath.join(site, path))
                    first, other = known.setdefault(path, (digest, project))
                    if first != digest:
                        yield path, other, project


def main(arguments):
    options, trees = getopt.getopt(arguments, "", ["prefix="])
    found = sorted(set(conflicts(trees, dict(options)["--prefix"])))
    for path, one, other in found[:LIMIT]:
        sys.stderr.write("microb: %s: brings other bytes for %s than %s\n" % (other, ascii(path)[1:-1], one))
    if len(found) > LIMIT:
        sys.stderr.write("microb: and %d more paths like these\n" % (len(found) - LIMIT))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
