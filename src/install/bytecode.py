"""Compiles what was installed, on all processors.

What marshal writes depends on what its process did before, so each chunk has a process of its own, forked from one that
never compiles anything.
"""

import importlib.util
import marshal
import os
import posixpath
import signal
import struct

from problem import Problem, complain, show, warn
from source_size import LARGEST_SOURCE, is_too_large
from target import finish, new_file

CHUNK = 1_000_000  # bytes of source that one process compiles


def bytecode_path(source):
    """Where Python looks for the bytecode of a source, or None if no file can have that name."""
    path = importlib.util.cache_from_source(source)
    return path if len(os.fsencode(posixpath.basename(path))) <= 255 else None


def bytecode_of(target, path):
    """Where the bytecode of an installed file goes; None if it has none."""
    return bytecode_path(path) if path.startswith(target.site + "/") and path.endswith(".py") else None


def compile_source(text, final):
    """Unchecked hash-based bytecode (PEP 552) of a source that will be at another path; None if it does not compile."""
    try:
        code = compile(text, final, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, OverflowError, MemoryError):
        return None
    head = importlib.util.MAGIC_NUMBER + struct.pack("<I", 1) + importlib.util.source_hash(text)
    return head + marshal.dumps(code)


def compile_chunk(target, sources, filename):
    """Compiles sources in a process that does nothing else. A source that a later wheel brings too is that wheel's."""
    for source in sources:
        with open(target.on_disk(source), "rb") as file:
            text = file.read(LARGEST_SOURCE + 1)
        if is_too_large(text):
            warn(filename, "%s is too large to be compiled beforehand: Python compiles it at each start" % show(source))
            continue
        code = compile_source(text, target.prefix + "/" + source)
        if code is None or target.owners[source][2] != filename:
            continue
        with new_file(target.on_disk(bytecode_path(source)), 0o644) as file:
            file.write(code)
            finish(file)


def chunks(target, paths):
    """The sources of one wheel that are compiled together: which ones depends on nothing but the wheel."""
    chunk, size = [], 0
    for path in sorted(paths):
        if not bytecode_of(target, path):
            continue
        own = target.owners[path][1]
        if chunk and size + own > CHUNK:
            yield size, chunk
            chunk, size = [], 0
        chunk.append(path)
        size += own
    if chunk:
        yield size, chunk


def start_compiler(target, sources, filename):
    """A process that compiles sources, by its number."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        compile_chunk(target, sources, filename)
        code = 0
    except OSError as error:
        complain(filename, "cannot write bytecode: %s" % error.strerror)
    finally:
        os._exit(code)


def compile_all(target, installed):
    """Compiles the sources of all wheels. No compiler is left when it returns or raises."""
    jobs = []
    for filename, (_, paths) in installed.items():
        for size, sources in chunks(target, paths):
            jobs.append((size, filename, sources))
            for directory in {posixpath.dirname(bytecode_path(source)) for source in sources}:
                make_directory(target, directory, filename)
    jobs.sort(key=lambda job: (-job[0], job[2][0]))
    running, limit = {}, len(os.sched_getaffinity(0))
    try:
        while jobs or running:
            if jobs and len(running) < limit:
                _, filename, sources = jobs.pop(0)
                running[start_compiler(target, sources, filename)] = filename, sources
                continue
            child, status = os.wait()
            filename, sources = running.pop(child)
            if status:
                raise Problem("%s: %s" % (show(filename), failure(status, sources)))
    finally:
        for child in running:
            os.kill(child, signal.SIGKILL)
        for child in running:
            os.waitpid(child, 0)


def make_directory(target, path, filename):
    try:
        target.make_directory(target.prefix + "/" + path, filename)
    except Problem as problem:
        raise Problem("%s: %s" % (show(filename), problem))


def failure(status, sources):
    said = "its sources between %s and %s could not be compiled" % (show(sources[0]), show(sources[-1]))
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    return said + (": the builder has too little memory: give it more" if killed else "")
