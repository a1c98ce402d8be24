/** What the step that builds a project sees; `token` is another one every time that the step really runs. */
export type ProbeReport = Readonly<{
  token: string;
  hostname: string;
  hosts: string;
  interfaces: readonly string[];
  env: Readonly<Record<string, string>>;
  files: readonly string[];
}>;

/** Prints the report of the project's own build. */
export const PRINT_REPORT: readonly string[] = ["python", "-c", "import probe; print(probe.REPORT)"];

/**
 * A project whose build backend is its own and needs nothing from outside: it builds a module that reports what the
 * build step saw. `table` goes below `[tool.microb.target.default]`. Its content is that of one test file alone: what
 * another one builds at the same time without the cache would otherwise be what the cache answers here.
 */
export function probeProject(table = "", syntax = "# syntax=microb/microb\n"): Readonly<Record<string, string>> {
  return {
    "pyproject.toml": `${syntax}[project]
name = "probe"
version = "1"
[build-system]
requires = []
build-backend = "backend"
backend-path = ["backend"]
[tool.microb.target.default]
python_version = "3.13"
${table}`,
    "backend/backend.py": BACKEND,
  };
}

const BACKEND = `# ${process.pid}-${process.hrtime.bigint()}
import json, os, socket, uuid, zipfile

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    files = sorted(os.path.relpath(os.path.join(d, f), ".") for d, _, fs in os.walk(".") for f in fs)
    report = {
        "token": uuid.uuid4().hex,
        "hostname": socket.gethostname(),
        "hosts": open("/etc/hosts").read(),
        "interfaces": sorted(os.listdir("/sys/class/net")),
        "env": dict(os.environ),
        "files": [f for f in files if "__pycache__" not in f],
    }
    name = "probe-1-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w") as wheel:
        wheel.writestr("probe.py", "REPORT = " + repr(json.dumps(report)))
        wheel.writestr("probe-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: probe\\nVersion: 1\\n")
        wheel.writestr("probe-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nGenerator: probe\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("probe-1.dist-info/RECORD", "")
    return name
`;
