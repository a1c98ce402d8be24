"""The environment that is made below the output directory."""

import hashlib
import os
import posixpath
import sys

from archive import parents
from problem import Problem, show

MTIME = 315532800  # 1980-01-01, the earliest time that every archive format can say


class Target:
    """Where things go, and which wheel brought what. Paths are relative to the prefix."""

    def __init__(self, out, prefix, home_owner):
        version = "%d.%d" % sys.version_info[:2]
        self.out = out
        self.prefix = prefix
        self.home_owner = home_owner
        self.site = "lib/python%s/site-packages" % version
        self.headers = "include/site/python%s" % version
        # What the environment consists of without any package: see venv-skeleton.ts.
        self.own_files = {"pyvenv.cfg", "bin/python", "bin/python3", "bin/python%s" % version}
        if sys.version_info < (3, 15):
            self.own_files.add("lib64")
        self.own_directories = {"bin", self.site, *parents(self.site)}
        self.directories = {}  # path in the image -> name of the wheel that it was made for
        self.owners = {}  # path -> (sha256, size, name of the wheel)
        self.projects = {}  # normalised name -> name of the wheel

    def on_disk(self, path):
        return self.out + self.prefix + "/" + path

    def make_directory(self, path, wheel):
        """Makes a directory of the image, and those above it. The one that holds the prefix belongs to the user."""
        if path in self.directories or path == "/":
            return
        self.make_directory(posixpath.dirname(path), wheel)
        inside = path[len(self.prefix) + 1 :] if path.startswith(self.prefix + "/") else ""
        if inside in self.owners:
            other = self.owners[inside][2]
            raise Problem("brings the directory %s, which is a file of %s" % (show(inside), show(other)))
        os.mkdir(self.out + path, 0o755)
        if self.home_owner and path == posixpath.dirname(self.prefix):
            os.chown(self.out + path, *self.home_owner)
        self.directories[path] = wheel

    def check_own(self, path):
        """Refuses what belongs to the environment itself, what is above it or below it, in any case of letters."""
        for part in (path, *parents(path)):
            if part.casefold() in self.own_files or (part == path and part.casefold() in self.own_directories):
                raise Problem("brings %s, which belongs to the environment itself" % show(path))

    def write(self, path, blocks, mode, wheel):
        """Writes a file. Several wheels may bring it if they bring the same bytes; the mode is the last one's."""
        self.check_own(path)
        known = self.owners.get(path)
        if known and known[2] == wheel:
            raise Problem("brings %s twice" % show(path))
        other = self.directories.get(self.prefix + "/" + path)
        if other:
            raise Problem("brings the file %s, which is a directory of %s" % (show(path), show(other)))
        digest, size = hashlib.sha256(), 0
        if known:
            for block in blocks:
                digest.update(block)
                size += len(block)
            if digest.digest() != known[0]:
                raise Problem("brings other bytes for %s than %s" % (show(path), show(known[2])))
            os.chmod(self.on_disk(path), mode)
            os.utime(self.on_disk(path), (MTIME, MTIME))
        else:
            self.make_directory(posixpath.dirname(self.prefix + "/" + path), wheel)
            with new_file(self.on_disk(path), mode) as file:
                for block in blocks:
                    digest.update(block)
                    size += len(block)
                    file.write(block)
                finish(file)
        self.owners[path] = (digest.digest(), size, wheel)

    def set_times(self):
        """Gives the directories their times, once nothing is written any more."""
        for path in sorted(self.directories, reverse=True):
            os.utime(self.out + path, (MTIME, MTIME))
        os.chmod(self.out, 0o755)
        os.utime(self.out, (MTIME, MTIME))


def new_file(path, mode):
    """A file that does not exist yet. Its mode is set while it is made: for thousands of files each call counts."""
    return open(path, "xb", opener=lambda name, flags: os.open(name, flags, mode))


def finish(file):
    file.flush()
    os.utime(file.fileno(), (MTIME, MTIME))
