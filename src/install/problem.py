"""How problems are said to the person who builds: each is one line on standard error."""

import re
import sys


class Problem(Exception):
    """What is wrong with a wheel, said after the wheel's name."""


def show(text):
    """A text from a wheel, on one line, without control characters, and not too long."""
    text = text if len(text) <= 300 else "%s...%s" % (text[:150], text[-100:])
    return text if re.fullmatch(r"[\w./+@~=,:!\[\]-]+", text) else ascii(text)


def complain(wheel, problem):
    say("microb: %s: %s\n" % (show(wheel), problem))


def warn(wheel, problem):
    say("microb: warning: %s: %s\n" % (show(wheel), problem))


def say(line):
    sys.stderr.write(line)
    sys.stderr.flush()
