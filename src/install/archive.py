"""The members of a wheel: their names, kinds and sizes."""

import posixpath
import stat

from problem import Problem, show

LARGE = 256 << 20  # unpacked bytes that nobody questions
RATIO = 100  # how often its own size a larger wheel may unpack to
LONGEST_PATH = 1000  # bytes; the kernel takes 4096, with the directories above
LONGEST_NAME = 255  # bytes, as the kernel takes
DEEPEST_PATH = 100  # directories
MOST_FILES = 300_000


def parents(path):
    """The directories above a path, the nearest first."""
    above = posixpath.dirname(path)
    while above not in ("", "/"):
        yield above
        above = posixpath.dirname(above)


def check_path(path):
    """Refuses the name of an archive member that does not stay inside, or is not the same on every system."""
    length = len(path.encode("utf-8", "surrogatepass"))
    if length > LONGEST_PATH:
        raise Problem("holds a path of %d bytes, more than %d: %s" % (length, LONGEST_PATH, show(path)))
    parts = (path[:-1] if path.endswith("/") else path).split("/")
    if len(parts) > DEEPEST_PATH:
        raise Problem("holds a path of %d directories, more than %d: %s" % (len(parts), DEEPEST_PATH, show(path)))
    if any(len(part.encode("utf-8", "surrogatepass")) > LONGEST_NAME for part in parts):
        raise Problem("holds a name of more than %d bytes: %s" % (LONGEST_NAME, show(path)))
    if path.startswith("/"):
        raise Problem("holds the absolute path %s" % show(path))
    if ".." in parts:
        raise Problem("holds %s, which leads out of the environment" % show(path))
    if "" in parts or "." in parts or "\\" in path or not path.isprintable():
        raise Problem("holds the path %s" % ascii(path))


def check_kind(info):
    path, kind = info.filename, stat.S_IFMT(info.external_attr >> 16)
    if info.flag_bits & 1:
        raise Problem("holds %s, which is encrypted" % show(path))
    if kind == stat.S_IFLNK:
        raise Problem("holds the symbolic link %s" % show(path))
    if kind not in (0, stat.S_IFDIR if info.is_dir() else stat.S_IFREG):
        raise Problem("holds %s, which is neither a file nor a directory" % show(path))


def read_members(archive, size):
    """The files of a wheel by their paths, once nothing about their names, kinds and sizes is wrong."""
    members = archive.infolist()
    if len(members) > MOST_FILES:
        raise Problem("holds %d files, more than %d" % (len(members), MOST_FILES))
    files, total = {}, 0
    for info in members:
        path = info.filename
        check_path(path)
        check_kind(info)
        if info.is_dir():
            continue
        if path in files:
            raise Problem("holds %s twice" % show(path))
        files[path] = info
        total += info.file_size
    for path in files:
        for above in parents(path):
            if above in files:
                raise Problem("holds %s as a file and as a directory" % show(above))
    if total > max(LARGE, RATIO * size):
        raise Problem("unpacks to %d times its size (%d MB)" % (total // size, total // 1_000_000))
    return files


def read_text(archive, files, path, limit):
    """The text of a member that is no larger than the limit, in bytes."""
    if path not in files:
        raise Problem("has no %s" % show(path))
    size = files[path].file_size
    if size > limit:
        raise Problem("has a %s of %d bytes, more than %d" % (show(path), size, limit))
    return archive.read(files[path]).decode("utf-8", "replace")
