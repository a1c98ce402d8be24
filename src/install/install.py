"""Installs wheels into an environment below an output directory.

    python3 -S -B install.py [--requested NAME]... [--home-owner UID:GID] --out OUT --prefix PREFIX WHEEL...

A WHEEL is a file, or a directory that holds one. What is below OUT afterwards is the same for the same wheels, prefix
and Python, whatever else is installed by the same call and however many processors there are. OUT must be empty, and is
again after an error. Set PYTHONHASHSEED: before Python 3.11 it steers bytecode.

Wheels are checked while they are unpacked: the names in them, every file against RECORD. Each problem is one line
`microb: WHEEL: PROBLEM` on standard error, and the exit code is 1.

Sources: the binary distribution format, recording installed projects and entry points specifications of the Python
packaging user guide; pip's layout of a virtual environment.
"""

import base64
import csv
import getopt
import hashlib
import importlib.util
import io
import marshal
import os
import posixpath
import re
import shutil
import stat
import struct
import sys
import warnings
import zipfile
import zlib

MTIME = 315532800  # 1980-01-01, the earliest time that every archive format can say
CHUNK = 1_000_000  # bytes of source that one process compiles
BLOCK = 1 << 20
LARGE = 256 << 20  # unpacked bytes that nobody questions
RATIO = 100  # how often its own size a larger wheel may unpack to
DATA_KEYS = ("purelib", "platlib", "scripts", "headers", "data")
DROPPED = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")
SIGNATURES = ("RECORD.jws", "RECORD.p7s")
NOT_A_WHEEL = (zipfile.BadZipFile, zlib.error, struct.error, csv.Error, EOFError, RuntimeError, ValueError)


class Problem(Exception):
    """What is wrong with a wheel, for the person who builds."""


class Target:
    """Where things go, and which wheel brought what. Paths are relative to the prefix."""

    def __init__(self, out, prefix, home_owner):
        version = "%d.%d" % sys.version_info[:2]
        self.out = out
        self.prefix = prefix
        self.home_owner = home_owner
        self.site = "lib/python%s/site-packages" % version
        self.headers = "include/site/python%s" % version
        self.reserved = {"pyvenv.cfg", "lib64", "bin/python", "bin/python3", "bin/python%s" % version}
        self.directories = set()
        self.owners = {}  # path -> (sha256, size, name of the wheel)
        self.projects = {}  # normalised name -> name of the wheel

    def on_disk(self, path):
        return self.out + self.prefix + "/" + path

    def make_directory(self, path):
        """Makes a directory of the image, and those above it. The one that holds the prefix belongs to the user."""
        if path in self.directories or path == "/":
            return
        self.make_directory(posixpath.dirname(path))
        os.mkdir(self.out + path, 0o755)
        if self.home_owner and path == posixpath.dirname(self.prefix):
            os.chown(self.out + path, *self.home_owner)
        self.directories.add(path)

    def write(self, path, blocks, mode, wheel):
        """Writes a file. Several wheels may bring it if they bring the same bytes; the mode is the last one's."""
        if path in self.reserved:
            raise Problem("brings %s, which belongs to the environment itself" % show(path))
        known = self.owners.get(path)
        if known and known[2] == wheel:
            raise Problem("brings %s twice" % show(path))
        digest, size = hashlib.sha256(), 0
        if known:
            for block in blocks:
                digest.update(block)
                size += len(block)
            if digest.digest() != known[0]:
                raise Problem("brings other bytes for %s than %s" % (show(path), known[2]))
            os.chmod(self.on_disk(path), mode)
            os.utime(self.on_disk(path), (MTIME, MTIME))
        else:
            self.make_directory(posixpath.dirname(self.prefix + "/" + path))
            with new_file(self.on_disk(path), mode) as file:
                for block in blocks:
                    digest.update(block)
                    size += len(block)
                    file.write(block)
                finish(file)
        self.owners[path] = (digest.digest(), size, wheel)


def new_file(path, mode):
    """A file that does not exist yet. Its mode is set while it is made: for thousands of files each call counts."""
    return open(path, "xb", opener=lambda name, flags: os.open(name, flags, mode))


def finish(file):
    file.flush()
    os.utime(file.fileno(), (MTIME, MTIME))


def show(text):
    """A text from a wheel, on one line and without control characters."""
    return text if re.fullmatch(r"[\w./+@~=,:\[\]-]+", text) else ascii(text)


def normal_name(name):
    return re.sub(r"[-_.]+", "-", name).lower()


VERSION = re.compile(
    r"v?(?:(\d+)!)?(\d+(?:\.\d+)*)"
    r"(?:[-.]?(alpha|a|beta|b|preview|pre|c|rc)[-.]?(\d*))?"
    r"(?:-(\d+)|[-.]?(post|rev|r)[-.]?(\d*))?"
    r"(?:[-.]?(dev)[-.]?(\d*))?"
    r"(?:\+([a-z0-9]+(?:[-.][a-z0-9]+)*))?"
)
PRE = {"alpha": "a", "beta": "b", "c": "rc", "pre": "rc", "preview": "rc"}


def normal_version(text):
    """Equal for versions that PEP 440 calls equal. File names have `_` for `-`."""
    text = text.strip().lower().replace("_", "-")
    match = VERSION.fullmatch(text)
    if not match:
        return text
    epoch, release, pre, pre_number, implicit, post, post_number, dev, dev_number, local = match.groups()
    numbers = [int(number) for number in release.split(".")]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return (
        int(epoch or 0),
        numbers,
        pre and (PRE.get(pre, pre), int(pre_number or 0)),
        int(implicit or post_number or 0) if implicit or post else None,
        dev and int(dev_number or 0),
        local and [part.lstrip("0") or "0" if part.isdigit() else part for part in re.split("[-.]", local)],
    )


def identity(name, version):
    return normal_name(name), normal_version(version)


def check_path(path):
    """Refuses the name of an archive member that does not stay inside, or is not the same on every system."""
    parts = (path[:-1] if path.endswith("/") else path).split("/")
    if path.startswith("/"):
        raise Problem("holds the absolute path %s" % show(path))
    if ".." in parts:
        raise Problem("holds %s, which leads out of the environment" % show(path))
    if "" in parts or "." in parts or "\\" in path or not path.isprintable():
        raise Problem("holds the path %s" % ascii(path))


def read_members(archive, size):
    """The files of a wheel by their paths, once nothing about their names, kinds and sizes is wrong."""
    files, spelling = {}, {}
    total = 0
    for info in archive.infolist():
        path = info.filename
        check_path(path)
        if info.flag_bits & 1:
            raise Problem("holds %s, which is encrypted" % show(path))
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind == stat.S_IFLNK:
            raise Problem("holds the symbolic link %s" % show(path))
        if kind not in (0, stat.S_IFDIR if info.is_dir() else stat.S_IFREG):
            raise Problem("holds %s, which is neither a file nor a directory" % show(path))
        if info.is_dir():
            continue
        if path in files:
            raise Problem("holds %s twice" % show(path))
        files[path] = info
        total += info.file_size
    for path in files:
        part = path
        while part and spelling.get(part.casefold()) != part:
            if spelling.setdefault(part.casefold(), part) != part:
                other = spelling[part.casefold()]
                raise Problem("holds %s and %s, which differ in case alone" % (show(other), show(part)))
            part = posixpath.dirname(part)
            if part in files:
                raise Problem("holds %s as a file and as a directory" % show(part))
    if total > max(LARGE, RATIO * size):
        raise Problem("unpacks to %d times its size (%d MB)" % (total // size, total // 1_000_000))
    return files


def top_directories(files, suffix):
    tops = {path.split("/")[0] for path in files if "/" in path}
    return sorted(top for top in tops if top.casefold().endswith(suffix))


def is_stem(stem, expected):
    """Whether NAME-VERSION, in which a name or version of an old wheel may have dashes of its own, is the expected."""
    dashes = [position for position, character in enumerate(stem) if character == "-"]
    return any(identity(stem[:dash], stem[dash + 1 :]) == expected for dash in dashes)


def read_text(archive, files, path):
    if path not in files:
        raise Problem("has no %s" % show(path))
    return archive.read(files[path]).decode("utf-8", "replace")


def headers(text):
    """The header lines of METADATA or WHEEL by their names in lower case; the first of a name counts."""
    found = {}
    for line in text.split("\n"):
        if not line.strip():
            break
        name, colon, value = line.partition(":")
        if colon and not line[0].isspace():
            found.setdefault(name.strip().lower(), value.strip())
    return found


def header(found, name, file):
    value = found.get(name.lower())
    if not value:
        raise Problem("has no %s in its %s" % (name, file))
    return value


def find_info(archive, files, filename):
    """The metadata directory, and the project's name, once both and the file name agree."""
    parts = filename[: -len(".whl")].split("-")
    if not filename.endswith(".whl") or len(parts) not in (5, 6):
        raise Problem("is not the name of a wheel")
    expected = identity(parts[0], parts[1])
    found = top_directories(files, ".dist-info")
    if len(found) != 1:
        raise Problem("holds %s" % (" and ".join(map(show, found)) if found else "no .dist-info directory"))
    info = found[0]
    if not is_stem(info[: -len(".dist-info")], expected):
        raise Problem("holds %s, which is not what its name says" % show(info))
    metadata = headers(read_text(archive, files, info + "/METADATA"))
    name, version = header(metadata, "Name", "METADATA"), header(metadata, "Version", "METADATA")
    if identity(name, version) != expected:
        raise Problem("says in METADATA that it is %s" % show("%s==%s" % (name, version)))
    wheel = header(headers(read_text(archive, files, info + "/WHEEL")), "Wheel-Version", "WHEEL")
    if wheel.split(".")[0] != "1":
        raise Problem("has the wheel version %s; only 1 is known" % show(wheel))
    return info, name


def read_record(archive, files, info):
    """RECORD as a map from paths to hash and size, once it lists all files and no others."""
    unsigned = {"%s/%s" % (info, name) for name in ("RECORD",) + SIGNATURES}
    record = {}
    for row in csv.reader(io.StringIO(read_text(archive, files, info + "/RECORD"), newline="")):
        if not row:
            continue
        if len(row) < 3:
            raise Problem("has a row in RECORD that is not path, hash, size: %s" % show(",".join(row)))
        path = row[0]
        if record.setdefault(path, row[1:3]) != row[1:3]:
            raise Problem("lists %s twice in RECORD" % show(path))
        if path not in files and path not in unsigned:
            raise Problem("lists %s in RECORD and does not hold it" % show(path))
    for path in files:
        if path in unsigned:
            continue
        if path not in record:
            raise Problem("holds %s, which is not in RECORD" % show(path))
        if not record[path][0]:
            raise Problem("has no hash of %s in RECORD" % show(path))
    return {path: row for path, row in record.items() if path not in unsigned}


def verified(archive, member, row):
    """The bytes of a member, in blocks; the last one only comes if all are as RECORD says."""
    algorithm, _, expected = row[0].partition("=") if row else ("sha256", "", "")
    if algorithm not in ("sha256", "sha384", "sha512"):
        raise Problem("vouches for %s by %s in RECORD, not by sha256" % (show(member.filename), show(algorithm)))
    digest, size = hashlib.new(algorithm), 0
    with archive.open(member) as stream:
        while True:
            block = stream.read(BLOCK)
            if not block:
                break
            digest.update(block)
            size += len(block)
            yield block
    actual = base64.urlsafe_b64encode(digest.digest()).decode().rstrip("=")
    if size != member.file_size:
        raise Problem("has %d bytes of %s instead of %d" % (size, show(member.filename), member.file_size))
    if row and (actual != expected.rstrip("=") or (row[1] and row[1].strip() != str(size))):
        raise Problem("holds another %s than RECORD says" % show(member.filename))


def place(target, path, data, project):
    """Where a member goes, or None, and whether it is a script."""
    top, _, rest = path.partition("/")
    if top != data:
        return target.site + "/" + path, False
    key, _, rest = rest.partition("/")
    if key not in DATA_KEYS or not rest:
        raise Problem("holds %s, which has no place" % show(path))
    if key == "scripts":
        return "bin/" + rest, True
    if key == "headers":
        return "%s/%s/%s" % (target.headers, project, rest), False
    if key == "data":
        # lib64 is a link to lib in environments before Python 3.15.
        linked = rest.startswith("lib64/") and sys.version_info < (3, 15)
        return ("lib/" + rest[len("lib64/") :] if linked else rest), False
    return target.site + "/" + rest, False


def with_interpreter(blocks, prefix):
    """The blocks of a script that says `#!python` with the environment's own interpreter; others as they are."""
    first = next(blocks, b"")
    if first.startswith(b"#!python"):
        line, newline, rest = first.partition(b"\n")
        first = b"#!%s/bin/python" % prefix.encode() + newline + rest
    yield first
    for block in blocks:
        yield block


ENTRY = re.compile(r"([^\W\d]\w*(?:\.[^\W\d]\w*)*)\s*:\s*([^\W\d]\w*(?:\.[^\W\d]\w*)*)\s*(?:\[[\w\s.,-]*\])?")


def entry_points(text):
    """The console and gui scripts of entry_points.txt: name -> (module, attribute)."""
    found, section = {}, ""
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip()
        if not line or line[0] in "#;":
            continue
        if line[0] == "[" and line[-1] == "]":
            section = line[1:-1].strip()
        elif section in ("console_scripts", "gui_scripts"):
            name, _, value = (part.strip() for part in line.partition("="))
            match = ENTRY.fullmatch(value)
            if not match or not re.fullmatch(r"[A-Za-z0-9_.][A-Za-z0-9_.-]*", name) or name in (".", ".."):
                raise Problem("has no usable script in line %d of entry_points.txt: %s" % (number, show(line)))
            found[name] = match.groups()
    return found


SCRIPT = """\
#!%s/bin/python
import sys

from %s import %s

if __name__ == "__main__":
    sys.exit(%s())
"""


def install(target, filename, file, requested):
    """Installs one wheel but for its bytecode. Gives the name of its metadata directory and its paths."""
    archive = zipfile.ZipFile(file)
    files = read_members(archive, os.fstat(file.fileno()).st_size)
    info, project = find_info(archive, files, filename)
    other = target.projects.setdefault(normal_name(project), filename)
    if other != filename:
        raise Problem("is a second wheel of %s, beside %s" % (show(project), other))
    data = info[: -len(".dist-info")] + ".data"
    unknown = [top for top in top_directories(files, ".data") if top != data]
    if unknown:
        raise Problem("holds %s, which is not what its name says" % show(unknown[0]))
    record = read_record(archive, files, info)
    points = info + "/entry_points.txt"
    scripts = entry_points(read_text(archive, files, points)) if points in files else {}
    dropped = {"%s/%s" % (info, name) for name in DROPPED}
    paths = []

    def write(path, blocks, mode):
        target.write(path, blocks, mode, filename)
        paths.append(path)

    for path in sorted(files):
        member = files[path]
        blocks = verified(archive, member, record.get(path))
        goal, is_script = place(target, path, data, project)
        # Old wheels bring what their entry points say as scripts too.
        if path in dropped or (is_script and goal[len("bin/") :] in scripts):
            for _ in blocks:
                pass
            continue
        executable = is_script or member.external_attr >> 16 & 0o111
        write(goal, with_interpreter(blocks, target.prefix) if is_script else blocks, 0o755 if executable else 0o644)
    for name, (module, attribute) in sorted(scripts.items()):
        text = SCRIPT % (target.prefix, module, attribute.split(".")[0], attribute)
        write("bin/" + name, iter([text.encode()]), 0o755)
    write("%s/%s/INSTALLER" % (target.site, info), iter([b"microb\n"]), 0o644)
    if normal_name(project) in requested:
        write("%s/%s/REQUESTED" % (target.site, info), iter([]), 0o644)
    return info, paths


def bytecode_path(source):
    """Where Python looks for the bytecode of a source, or None if no file can have that name."""
    path = importlib.util.cache_from_source(source)
    return path if len(os.fsencode(posixpath.basename(path))) <= 255 else None


def compile_source(source, final):
    """Unchecked hash-based bytecode (PEP 552) of a source that will be at another path; None if it does not compile."""
    with open(source, "rb") as file:
        text = file.read()
    try:
        code = compile(text, final, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, OverflowError, MemoryError):
        return None
    head = importlib.util.MAGIC_NUMBER + struct.pack("<I", 1) + importlib.util.source_hash(text)
    return head + marshal.dumps(code)


def compile_chunk(target, sources, filename):
    """Compiles sources in a process that does nothing else. A source that a later wheel brings too is that wheel's."""
    for source in sources:
        code = compile_source(target.on_disk(source), target.prefix + "/" + source)
        if code is None or target.owners[source][2] != filename:
            continue
        path = bytecode_path(source)
        if path in target.owners:
            os.unlink(target.on_disk(path))
        with new_file(target.on_disk(path), 0o644) as file:
            file.write(code)
            finish(file)


def chunks(target, paths):
    """The sources of one wheel that are compiled together: which ones depends on nothing but the wheel."""
    inside = target.site + "/"
    chunk, size = [], 0
    for path in sorted(paths):
        if not path.startswith(inside) or not path.endswith(".py") or not bytecode_path(path):
            continue
        own = target.owners[path][1]
        if chunk and size + own > CHUNK:
            yield size, chunk
            chunk, size = [], 0
        chunk.append(path)
        size += own
    if chunk:
        yield size, chunk


def compile_all(target, installed):
    """Compiles what was installed, on all processors.

    What marshal writes depends on what its process did before, so each chunk has a process of its own, forked from
    this one, which never compiles anything.
    """
    jobs = []
    for filename, (_, paths) in installed.items():
        for size, sources in chunks(target, paths):
            jobs.append((size, filename, sources))
            for source in sources:
                target.make_directory(posixpath.dirname(target.prefix + "/" + bytecode_path(source)))
    jobs.sort(key=lambda job: (-job[0], job[2][0]))
    running, limit = {}, len(os.sched_getaffinity(0))
    while jobs or running:
        if jobs and len(running) < limit:
            _, filename, sources = jobs.pop(0)
            child = os.fork()
            if child == 0:
                code = 1
                try:
                    compile_chunk(target, sources, filename)
                    code = 0
                except OSError as error:
                    complain(filename, "cannot write bytecode: %s" % error.strerror)
                finally:
                    os._exit(code)
            running[child] = filename, sources
            continue
        child, status = os.wait()
        filename, sources = running.pop(child)
        if status:
            raise Problem("%s: its sources between %s and %s could not be compiled" % (filename, sources[0], sources[-1]))


def write_record(target, info, paths):
    """Writes RECORD: all files of a wheel in the order of their paths, bytecode and signatures without hashes."""
    rows = {}
    for path in paths:
        digest, size, _ = target.owners[path]
        text = "sha256=" + base64.urlsafe_b64encode(digest).decode().rstrip("=")
        rows[path] = (text, size)
        if posixpath.basename(path) in SIGNATURES and posixpath.dirname(path) == "%s/%s" % (target.site, info):
            rows[path] = ("", "")
    for path in paths:
        compiled = path.startswith(target.site + "/") and path.endswith(".py") and bytecode_path(path)
        if compiled and os.path.exists(target.on_disk(compiled)):
            rows[compiled] = ("", "")
    own = "%s/%s/RECORD" % (target.site, info)
    rows[own] = ("", "")
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows(sorted((posixpath.relpath(path, target.site), *row) for path, row in rows.items()))
    target.write(own, iter([text.getvalue().encode()]), 0o644, info)


def find_file(given):
    """The wheel's own file name, and where it is."""
    if not os.path.isdir(given):
        return os.path.basename(given), given
    found = sorted(name for name in os.listdir(given) if name.endswith(".whl"))
    if len(found) != 1:
        raise Problem("holds %s instead of one wheel" % (", ".join(map(show, found)) or "nothing"))
    return found[0], given + "/" + found[0]


def install_one(target, given, requested, installed):
    name = os.path.basename(given)
    try:
        name, path = find_file(given)
        with open(path, "rb") as file:
            installed[name] = install(target, name, file, requested)
        return True
    except Problem as problem:
        complain(name, str(problem))
    except OSError as error:
        path = (error.filename or "").replace(target.out, "")
        complain(name, "%s: %s" % (show(path) if path else "cannot be read", error.strerror))
    except NOT_A_WHEEL as error:
        complain(name, "is not a wheel, or a broken one: %s" % error)
    return False


def complain(name, problem):
    sys.stderr.write("microb: %s: %s\n" % (name, problem))
    sys.stderr.flush()


def install_all(target, wheels, requested):
    installed = {}
    # All problems are said, not the first one only.
    if not all([install_one(target, wheel, requested, installed) for wheel in wheels]):
        return False
    try:
        compile_all(target, installed)
    except Problem as problem:
        sys.stderr.write("microb: %s\n" % problem)
        return False
    for info, paths in installed.values():
        write_record(target, info, paths)
    target.make_directory(target.prefix)
    for path in sorted(target.directories, reverse=True):
        os.utime(target.out + path, (MTIME, MTIME))
    os.chmod(target.out, 0o755)
    os.utime(target.out, (MTIME, MTIME))
    return True


def empty(directory):
    for entry in os.scandir(directory):
        shutil.rmtree(entry.path) if entry.is_dir(follow_symlinks=False) else os.unlink(entry.path)


def main(arguments):
    given, wheels = getopt.getopt(arguments, "", ["out=", "prefix=", "home-owner=", "requested="])
    options = dict(given)
    owner = options.get("--home-owner")
    target = Target(
        options["--out"].rstrip("/"),
        options["--prefix"].rstrip("/"),
        tuple(map(int, owner.split(":"))) if owner else None,
    )
    requested = {normal_name(value) for name, value in given if name == "--requested"}
    os.umask(0o022)  # so that modes are what is asked for
    warnings.simplefilter("ignore")
    if os.listdir(target.out):
        sys.exit("microb: %s is not empty" % target.out)
    try:
        done = install_all(target, wheels, requested)
    except BaseException:
        empty(target.out)
        raise
    if not done:
        empty(target.out)
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
