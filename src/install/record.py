"""RECORD: what a wheel says of its files, and what is written about those that are installed."""

import base64
import csv
import hashlib
import io
import os
import posixpath

from archive import read_text
from bytecode import bytecode_of
from metadata import LARGEST_METADATA
from problem import Problem, show, warn

BLOCK = 1 << 20
SIGNATURES = ("RECORD.jws", "RECORD.p7s")
MOST_DOUBTS = 5  # that are told of one wheel


class Doubts:
    """What is wrong with a RECORD. pip looks at none of it: these are warnings where a hash vouches for the wheel."""

    def __init__(self, wheel, is_vouched):
        self.wheel = wheel
        self.is_vouched = is_vouched
        self.count = 0

    def add(self, problem):
        if not self.is_vouched:
            raise Problem(problem)
        self.count += 1
        if self.count <= MOST_DOUBTS:
            warn(self.wheel, problem)

    def tell_rest(self):
        if self.count > MOST_DOUBTS:
            warn(self.wheel, "has %d more errors in RECORD" % (self.count - MOST_DOUBTS))


def read_record(archive, files, info, doubts):
    """Hash and size by path, for the files that are there."""
    unsigned = {"%s/%s" % (info, name) for name in ("RECORD",) + SIGNATURES}
    record = {}
    text = read_text(archive, files, info + "/RECORD", LARGEST_METADATA)
    for row in csv.reader(io.StringIO(text, newline="")):
        if not row or row[0] in unsigned:
            continue
        path = row[0]
        if len(row) < 3:
            doubts.add("has a row in RECORD that is not path, hash, size: %s" % show(",".join(row)))
        elif path not in files:
            doubts.add("lists %s in RECORD and does not hold it" % show(path))
        elif record.setdefault(path, row[1:3]) != row[1:3]:
            doubts.add("lists %s twice in RECORD" % show(path))
    for path in files:
        if path in unsigned:
            continue
        if path not in record:
            doubts.add("holds %s, which is not in RECORD" % show(path))
        elif not record[path][0]:
            doubts.add("has no hash of %s in RECORD" % show(path))
    return record


def verified(archive, member, row, doubts):
    """The bytes of a member, in blocks, compared with what RECORD says of them."""
    path = show(member.filename)
    algorithm, _, expected = row[0].partition("=") if row and row[0] else ("sha256", "", "")
    if algorithm not in ("sha256", "sha384", "sha512"):
        doubts.add("vouches for %s by %s in RECORD, not by sha256" % (path, show(algorithm)))
        algorithm, expected = "sha256", ""
    digest, size = hashlib.new(algorithm), 0
    with archive.open(member) as stream:
        while True:
            block = stream.read(BLOCK)
            if not block:
                break
            digest.update(block)
            size += len(block)
            yield block
    if size != member.file_size:
        raise Problem("has %d bytes of %s instead of %d" % (size, path, member.file_size))
    actual = base64.urlsafe_b64encode(digest.digest()).decode().rstrip("=")
    is_other = expected and actual != expected.rstrip("=")
    if is_other or (row and row[1] and row[1].strip() != str(size)):
        doubts.add("holds another %s than RECORD says" % path)


def write_record(target, wheel, info, paths):
    """Writes RECORD: all files of a wheel in the order of their paths, bytecode and signatures without hashes."""
    rows = {}
    for path in paths:
        digest, size, _ = target.owners[path]
        text = "sha256=" + base64.urlsafe_b64encode(digest).decode().rstrip("=")
        rows[path] = (text, size)
        if posixpath.basename(path) in SIGNATURES and posixpath.dirname(path) == "%s/%s" % (target.site, info):
            rows[path] = ("", "")
    for path in paths:
        compiled = bytecode_of(target, path)
        if compiled and os.path.exists(target.on_disk(compiled)):
            rows[compiled] = ("", "")
    own = "%s/%s/RECORD" % (target.site, info)
    rows[own] = ("", "")
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows(sorted((posixpath.relpath(path, target.site), *row) for path, row in rows.items()))
    target.write(own, iter([text.getvalue().encode()]), 0o644, wheel)
