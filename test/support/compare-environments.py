"""For the container: says how two environments differ, the first of which pip made for the path of the second.

    python3 compare-environments.py CONTROL PREFIX

The answer is JSON on standard output.
"""

import json
import sys

from environment_tree import differences, tree

control, prefix = sys.argv[1:]
microb = tree(prefix)
print(json.dumps({"differences": differences(tree(control), microb, control), "files": len(microb)}))
