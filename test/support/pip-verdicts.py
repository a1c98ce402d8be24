"""For the container: which wheels pip installs. Prints the names of those directories that hold one, as JSON.

    python3 pip-verdicts.py DIRECTORY
"""

import glob
import json
import os
import shutil
import subprocess
import sys

PREFIX = "/tmp/environment"


def installs(directory):
    shutil.rmtree(PREFIX, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", PREFIX], check=True)
    command = ["pip", "-q", "--python", PREFIX + "/bin/python", "install", "--no-deps", "--no-index"]
    command += ["--no-cache-dir", "--disable-pip-version-check", "--root-user-action", "ignore"]
    done = subprocess.run(command + glob.glob(glob.escape(directory) + "/*.whl"), stderr=subprocess.DEVNULL)
    return done.returncode == 0


directory = sys.argv[1]
print(json.dumps([name for name in sorted(os.listdir(directory)) if installs(os.path.join(directory, name))]))
