"""Whether a source is so large that it is left to Python to compile.

The compiler takes up to 2 kB of memory for each token, and a wheel of 9 kB unpacks to a source of 9 MB that is nothing
but tokens. What is decided depends on the source alone, so it is decided the same everywhere.
"""

import io
import re
import tokenize

MOST_TOKENS = 1_000_000  # one real source is known that has more, of 17 MB
LARGEST_SOURCE = 32 << 20  # bytes
PLAIN = ("utf-8", "utf-8-sig", "iso-8859-1", "ascii")  # in which a byte of a token is what it looks like

WORD = re.compile(rb"[\w\x80-\xff]+|[^\w\s\x80-\xff]|[\r\n]")
OPENER = re.compile(rb'"""|\'\'\'|["\'#]')
PROGRAM = re.compile(rb"[fFtT][rR]?\Z")  # before the quote of a string that has programs in it
CLOSERS = {
    b"#": re.compile(rb"[\r\n]"),
    b'"""': re.compile(rb'(?<!\\)(?:\\\\)*"""'),
    b"'''": re.compile(rb"(?<!\\)(?:\\\\)*'''"),
    b'"': re.compile(rb'(?<!\\)(?:\\\\)*["\r\n]'),
    b"'": re.compile(rb"(?<!\\)(?:\\\\)*['\r\n]"),
}


def is_too_large(text):
    if len(text) <= MOST_TOKENS:
        return False
    if len(text) > LARGEST_SOURCE:
        return True
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(text).readline)
    except SyntaxError:
        return False  # nor does it compile
    return encoding not in PLAIN or not has_at_most(text, MOST_TOKENS)


def count_words(text, start, end):
    return sum(1 for _ in WORD.finditer(text, start, end))


def has_at_most(text, most):
    """Whether there are no more words and marks than that, strings and comments left out."""
    count, at = 0, 0
    while count <= most:
        opener = OPENER.search(text, at)
        if not opener:
            return count + count_words(text, at, len(text)) <= most
        start = opener.start()
        count += 1 + count_words(text, at, start)
        # There are programs in such strings, and strings in these: what follows cannot be told from strings any more.
        if PROGRAM.search(text, max(start - 2, at), start) and opener.group() != b"#":
            return count_words(text, 0, len(text)) <= most
        closer = CLOSERS[opener.group()].search(text, opener.end())
        if not closer:
            break
        at = closer.end()
    return count <= most
