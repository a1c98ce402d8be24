"""For the container: installs the wheels of a directory with pip and with install.py, and says how the results differ.

    python3 compare-with-pip.py WHEELS SKELETON

SKELETON is what `venvSkeleton` gives, as JSON. The answer is JSON on standard output: a list of sentences.
"""

import glob
import json
import os
import subprocess
import sys

from environment_tree import differences, tree

PREFIX = "/home/nonroot/.local"
ENV = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"}


def main(wheels, skeleton):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", PREFIX], check=True)
    files = sorted(glob.glob(wheels + "/*.whl"))
    subprocess.run(
        ["pip", "-q", "--python", PREFIX + "/bin/python", "install", "--no-deps", "--no-index", "--root-user-action", "ignore"]
        + files,
        check=True,
        env=dict(ENV, PIP_DISABLE_PIP_VERSION_CHECK="1"),
        stdout=sys.stderr,
    )
    pip = tree(PREFIX)
    os.mkdir("/out")
    subprocess.run(
        [sys.executable, "-S", "-B", "/install/install.py", "--home-owner", "65532:65532", "--out", "/out", "--prefix", PREFIX]
        + files,
        check=True,
        env=ENV,
    )
    os.rename(PREFIX, PREFIX + ".pip")
    ours = "/out" + PREFIX
    for entry in json.loads(skeleton):
        path = ours + "/" + entry["path"]
        if entry["kind"] == "directory":
            os.makedirs(path, exist_ok=True)
        elif entry["kind"] == "symlink":
            os.symlink(entry["target"], path)
        else:
            with open(path, "w") as file:
                file.write(entry["text"])
    microb = tree(ours)
    os.rename(ours, PREFIX)
    where = subprocess.run(
        [PREFIX + "/bin/python", "-c", "import sys; print(sys.prefix, sys.executable, *[p for p in sys.path if 'site-packages' in p])"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    found = differences(pip, microb, PREFIX + ".pip")
    print(json.dumps({"differences": found, "where": where, "files": len(microb), "wheels": len(files)}))


main(*sys.argv[1:])
