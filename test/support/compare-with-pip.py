"""For the container: installs the wheels of a directory with pip and with install.py, and says how the results differ.

    python3 compare-with-pip.py WHEELS SKELETON

SKELETON is what `venvSkeleton` gives, as JSON. The answer is JSON on standard output. Wheels that have a path in common
are installed one after another, since pip keeps the last one and install.py refuses both.
"""

import glob
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile

from environment_tree import differences, tree

PREFIX = "/home/nonroot/.local"
ENV = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"}
SAID = re.compile(r"^microb: (warning: )?(\S+\.whl): (.*)$", re.MULTILINE)


def batches(files):
    """The wheels in groups, in each of which no two have a file at one path."""
    groups = []
    for file in files:
        with zipfile.ZipFile(file) as archive:
            names = {name for name in archive.namelist() if not name.endswith("/")}
        group = next((group for group in groups if not names & group[1]), None)
        if group is None:
            group = [], set()
            groups.append(group)
        group[0].append(file)
        group[1].update(names)
    return [group for group, _ in groups]


def run_installer(files):
    """What install.py says of each wheel: (warnings, problems)."""
    shutil.rmtree("/out", ignore_errors=True)
    os.mkdir("/out")
    command = [sys.executable, "-S", "-B", "/install/install.py", "--home-owner", "65532:65532"]
    command += ["--out", "/out", "--prefix", PREFIX] + files
    done = subprocess.run(command, env=ENV, stderr=subprocess.PIPE, text=True)
    said = SAID.findall(done.stderr)
    problems = {wheel: text for warning, wheel, text in said if not warning}
    if done.returncode and not problems:
        sys.exit(done.stderr)
    return ["%s: %s" % (wheel, text) for warning, wheel, text in said if warning], problems


def run_pip(files):
    """The exit code of pip and what it said."""
    shutil.rmtree(PREFIX, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", PREFIX], check=True)
    command = ["pip", "-q", "--python", PREFIX + "/bin/python", "install", "--no-deps", "--no-index"]
    command += ["--root-user-action", "ignore"] + files
    done = subprocess.run(command, env=dict(ENV, PIP_DISABLE_PIP_VERSION_CHECK="1"), stderr=subprocess.PIPE, text=True)
    return done.returncode, done.stderr


def add_skeleton(root, skeleton):
    for entry in skeleton:
        path = root + "/" + entry["path"]
        if entry["kind"] == "directory":
            os.makedirs(path, exist_ok=True)
        elif entry["kind"] == "symlink":
            os.symlink(entry["target"], path)
        else:
            with open(path, "w") as file:
                file.write(entry["text"])


def compare(files, skeleton):
    warnings, refused = run_installer(files)
    kept = [file for file in files if os.path.basename(file) not in refused]
    if refused:
        more, _ = run_installer(kept)
        warnings = more
    code, said = run_pip(kept)
    if code:
        sys.exit(said)
    pip = tree(PREFIX)
    add_skeleton("/out" + PREFIX, skeleton)
    microb = tree("/out" + PREFIX)
    found = differences(pip, microb, PREFIX)
    return found, warnings, refused, len(microb), len(kept)


def where():
    """What the interpreter of our environment says of itself, once that is in its place."""
    shutil.rmtree(PREFIX)
    shutil.copytree("/out" + PREFIX, PREFIX, symlinks=True)
    program = "import sys; print(sys.prefix, sys.executable, *[p for p in sys.path if 'site-packages' in p])"
    done = subprocess.run([PREFIX + "/bin/python", "-c", program], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def main(wheels, skeleton):
    answer = {"differences": [], "warnings": [], "refused": {}, "files": 0, "wheels": 0}
    for files in batches(sorted(glob.glob(wheels + "/*.whl"))):
        found, warnings, refused, count, kept = compare(files, json.loads(skeleton))
        answer["differences"] += found
        answer["warnings"] += warnings
        answer["refused"].update(refused)
        answer["files"] += count
        answer["wheels"] += kept
    print(json.dumps({**answer, "where": where()}))


main(*sys.argv[1:])
