import os
import sys

from rich import print

print(os.environ["LOUD"], *sys.argv[1:])
