"""The scripts of entry_points.txt: the entry points specification of Python packaging, and what pip takes."""

import re

from problem import Problem, show

LARGEST_ENTRY_POINTS = 1 << 20  # bytes; the largest that are known have some ten thousand

# A name may have all that a file name can have, as with pip; what is written into the script is names of Python alone.
NAME = re.compile(r"[^\s/\\\[=][^\s/\\=]*")
ENTRY = re.compile(r"(\w+(?:\.\w+)*)\s*:\s*(\w+(?:\.\w+)*)\s*(?:\[[\w\s.,-]*\])?")

SCRIPT = """\
#!%s/bin/python
import sys

from %s import %s

if __name__ == "__main__":
    sys.exit(%s())
"""


def entry_points(text):
    """The console and gui scripts: name -> (module, attribute)."""
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
            if not match or not NAME.fullmatch(name) or not name.isprintable() or name in (".", ".."):
                raise Problem("has no usable script in line %d of entry_points.txt: %s" % (number, show(line)))
            found[name] = match.groups()
    return found


def script_text(prefix, module, attribute):
    return SCRIPT % (prefix, module, attribute.split(".")[0], attribute)
