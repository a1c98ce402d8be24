/**
 * A Python program for the container: says of the files below the given directories how many have no bytecode although
 * they compile, and how many have some that is not of the unchecked kind (PEP 552).
 */
export const BYTECODE_REPORT = `
import importlib.util, pathlib, sys
missing = checked = 0
for root in sys.argv[1:]:
    for source in pathlib.Path(root).expanduser().rglob("*.py"):
        try:
            compile(source.read_bytes(), str(source), "exec")
        except Exception:
            continue
        cached = pathlib.Path(importlib.util.cache_from_source(str(source)))
        if not cached.exists(): missing += 1
        elif int.from_bytes(cached.read_bytes()[4:8], "little") != 1: checked += 1
print(f"missing {missing}, checked {checked}")
`;
