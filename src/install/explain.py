"""Runs a shell command and passes on what it says. If it fails, its last lines are the cause and what to do about it.

    python -I explain.py SCRIPT

The exit status is that of the command. `native-packages.json`, beside this file, says which packages have what.
"""

import json
import os
import re
import subprocess
import sys

KEPT = 1 << 20  # bytes from the end of the output, among which the cause is looked for

# How shells, compilers, pkg-config, meson and Python say that something is missing, whose name is the group.
NAME = r"([\w.+/-]*[\w+])"
MISSING = [
    re.compile(form.replace("NAME", NAME), re.MULTILINE)
    for form in (
        r"fatal error: '?NAME'?(?:: No such file or directory| file not found)",
        r"No such file or directory: ['\"`]NAME['\"`]",
        r"No package ['\"`]?NAME['\"`]? found",
        r"(?:command|unable to execute) ['\"`]?NAME['\"`]?(?: failed)?: No such file or directory",
        r"Unknown compiler\(s\): \[+'NAME'",
        r"[Pp]ackage ['\"`]?NAME['\"`]?, required by .*, not found",
        r"(?:^|[\s/:'\"`])NAME['\"`]?:? (?:command |executable |was )?not found",
    )
]

# Other causes, by what a line holds, and what to do. Of several the first in this list is told.
CAUSES = [
    ("No space left on device", "the disk of the builder is full: free space, for example with docker builder prune"),
    (
        r"Killed signal terminated|<Signals\.SIGKILL: 9>|\(signal: 9",
        "the builder has too little memory: give it more, or take a version that has a wheel",
    ),
    (
        "No module named '(?:distutils|imp|pipes|cgi|lib2to3)['.]",
        "the package is too old for this Python: take a newer version of it, or set python_version to an older Python",
    ),
    ("No module named 'pkg_resources['.]", "the package is too old for this setuptools: take a newer version of it"),
    (
        "requires a different Python|Python version is not compatible|versions that require a different python",
        "set python_version to a version that it supports",
    ),
    (
        "DO NOT MATCH THE HASHES|Hash mismatch for",
        "the index has another file than the requirements name: write their hashes anew, or check indices",
    ),
    ("in --require-hashes mode|must have a hash", "write a hash for each requirement, or for none"),
    ("externally.managed", "this is the Python of a distribution: base the builder on an official Python image"),
    (r"\b401 (?:Client )?Error|\b401 Unauthorized", "set username_secret and password_secret in indices"),
    (r"\b403 (?:Client )?Error|\b403 Forbidden", "the index or a proxy refuses: check indices and their credentials"),
    (
        "CERTIFICATE_VERIFY_FAILED|certificate verify failed|invalid peer certificate",
        "copy the CA certificate into the builder with copy_files_before_build and set PIP_CERT in env, or set trust = true in indices",
    ),
    (
        "name resolution|Name or service not known|etwork is unreachable|Failed to establish a new connection|dns error"
        "|onnection refused|ConnectTimeout|onnection reset|tcp connect error|[Tt]imed out|Remote end closed|EOF occurred"
        "|Cannot connect to proxy|50[0234] (?:Server Error|Bad Gateway|Service Unavailable|Gateway Time-?out)",
        "the builder cannot reach that host: check network and proxy, or name an index that it reaches in indices",
    ),
    ("is not a supported wheel on this platform", "it is for another Python or system: set python_version or flavor"),
    (
        "from versions: none",
        "no index that was asked has it, or none was reached: check its name and the network; name its index in indices",
    ),
    (
        "No matching distribution found|Could not find a version|not found in the package registry|no versions? of",
        "check its name and version; name the index that has it in indices",
    ),
    (
        "conflicting dependencies|ResolutionImpossible|requirements are unsatisfiable",
        "the lines above say which requirements exclude each other: change one of them",
    ),
    (
        "Multiple top-level (?:packages|modules) discovered",
        'name the packages in [tool.setuptools], or set install = "source"',
    ),
    (
        "Unable to determine which files to ship",
        'name the packages in [tool.hatch.build.targets.wheel], or set install = "source"',
    ),
    ("fatal error: .*No such file", "find the package that has this header, and name it in build_deps"),
]

# Lines that only say that there is a line which says why.
VAGUE = r"subprocess-exited-with-error|metadata-generation-failed|failed-wheel-build|Failed (?:to build|building)"
# How backends, pip and uv begin the line that says why.
LAST_ERROR = re.compile(r"^[ ×╰─▶│]*((?:[\w.]*[Ee]rror|ERROR|fatal): (?!%s).*\S)" % VAGUE, re.MULTILINE)
# Before pip named what it could not build, it named what it was about.
OLD_PROJECT = re.compile(r"^ *Collecting ([\w.-]+)(?=.*^.*subprocess-exited-with-error)", re.MULTILINE | re.DOTALL)
# A lock's source is a file.
PROJECT = re.compile(
    r"(?:Failed to build (?=['`])|Failed building wheel for )['`]?"
    r"(?:file://\S*/([\w.]+(?:-[A-Za-z_][\w.]*)*)-\d[^'`\s]*|([\w.-]+))"
)
# What stands before the host of a URL, and what a client sends: with the same outcome as `src/util/mask.ts`.
WORD = rb"[^\s\x22\x27<>/?#%s]*"
END = rb"(?=[\s\x22\x27<>/?#]|$)"
HOST = rb"(?:\[[\dA-Fa-f:.]+\]|localhost|[\w-]+(?:\.[\w-]+)+|[\w-]+(?=:\d))(?::\d*)?[^\w\s:\x22\x27<>/?#@]*"
USERS = [
    WORD % b":" + rb"(?=@" + WORD % b":@" + rb"(?::\d*)?" + END + rb")",
    WORD % b"" + rb"(?=@" + HOST + END + rb")",
    WORD % b":[" + rb":(?!\d*" + END + rb")[^\r\n]{0,4096}(?=@)",
]
CREDENTIALS = [
    re.compile(rb"((?:(?<!docker-image)(?<!oci-layout):|(?<![\w.:/-]))//)(?!git@)(?:" + rb"|".join(USERS) + rb")"),
    re.compile(rb"(\b(?:Basic|Bearer) +)(?![Aa]uth|realm)[\w+/=.~-]{6,}"),
]


def run(script):
    """The exit status of a command and the end of what it said. It is passed on line by line, without credentials."""
    child = subprocess.Popen(["/bin/sh", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = bytearray()
    while True:
        line = child.stdout.readline(1 << 16)
        if not line:
            break
        for form in CREDENTIALS:
            line = form.sub(rb"\1****", line)
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()
        said += line
        if len(said) > 2 * KEPT:
            del said[:-KEPT]
    status = child.wait()
    return status if status >= 0 else 128 - status, said.decode("utf-8", "replace")


def find_package(packages, text):
    """What is missing, as it was said, and the entry that has it."""
    known = {name: package for package in packages for name in package["names"].split()}
    found = []
    for form in MISSING:
        for match in form.finditer(text):
            package = known.get(match.group(1)) or known.get(match.group(1).rpartition("/")[2])
            if package:
                found.append((match.start(1), package))
    for package in packages:
        found += [(at, package) for at in map(text.rfind, package.get("says", [])) if at >= 0]
    # What was said last is what the build ended for.
    at, package = max(found, key=lambda one: one[0], default=(0, None))
    return (line_of(text, at), package) if package else None


def line_of(text, at):
    return text[text.rfind("\n", 0, at) + 1 :].split("\n", 1)[0]


def is_alpine():
    return os.path.exists("/etc/alpine-release")


def package_advice(package):
    system = "alpine" if is_alpine() else "debian"
    advice = "set build_deps = %s" % json.dumps(package["build"][system].split())
    if "library" in package:
        advice += ", and for the image system_deps = %s" % json.dumps(package["library"][system].split())
    return advice + " in the table of the target, such as [tool.microb.target.default]"


def explanation(packages, status, text):
    """What went wrong, and what to do; one of them may be missing."""
    found = find_package(packages, text)
    if found:
        return found[0], package_advice(found[1])
    if status == 137:
        return "the command was killed", "the builder has too little memory: give it more"
    # What a step says itself is more exact than what can be guessed about indexes.
    if re.search(r"^microb: ", text, re.MULTILINE):
        return None, None
    for form, advice in CAUSES:
        at = max((match.start() for match in re.finditer(form, text)), default=None)
        if at is not None:
            return line_of(text, at), advice
    errors = LAST_ERROR.findall(text)
    return (errors[-1] if errors else None), None


def explain(packages, status, text):
    cause, advice = explanation(packages, status, text)
    project = [file or name for file, name in PROJECT.findall(text)] or OLD_PROJECT.findall(text)
    lines = []
    if cause:
        where = "cannot build %s: " % project[-1].rstrip(".") if project else ""
        lines.append(where + re.sub(r"^[\s×╰─▶│]*(?:(?:ERROR|[Ee]rror): )?|\s+$", "", cause)[:300])
    if advice:
        lines.append("help: " + advice)
    if project and is_alpine():
        lines.append('help: flavor = "debian" may need no compiler: most packages have wheels for it')
    for line in lines:
        print("microb: " + line)


def main(script):
    status, text = run(script)
    if status != 0:
        with open(os.path.join(os.path.dirname(__file__), "native-packages.json"), encoding="utf-8") as file:
            packages = json.load(file)
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
        explain(packages, status, text)
        sys.stdout.flush()
    sys.exit(status)


if __name__ == "__main__":
    main(sys.argv[1])
