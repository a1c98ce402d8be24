/** Build files of every kind, for tests of what must hold for all of them. */
export const PROJECTS: Readonly<Record<string, string>> = {
  minimal: '[project]\nname = "hello"\n[build-system]\nrequires = ["setuptools"]\n',
  full: `[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "My_App"
version = "1.0"
description = "An app"
requires-python = ">=3.11,<3.14"
license = "MIT"
authors = [{ name = "Ann", email = "a@x" }]
dependencies = ["flask>=3", "uvicorn[standard]; python_version >= '3.12'", "a @ git+https://x/y@v1"]

[project.optional-dependencies]
web = ["gunicorn"]
all = ["my-app[web]", "zstd"]

[project.scripts]
serve = "app:main"
admin = "app:admin"

[project.urls]
Homepage = "https://x"
Source = "https://y"

[tool.ruff]
line-length = 120

[tool.microb.target.default]
api_version = "v1"
flavor = "alpine"
build_deps = ["gcc", "musl-dev", "gcc"]
system_deps = ["libpq"]
extras = ["all", "web"]
entrypoint = ["serve"]
command = ["--port", "8000"]

[tool.microb.target.default.env]
ZED = "1"
ALPHA = "$ZED/\${TAG:-latest}"
PATH = "/opt/bin:$PATH"

[tool.microb.target.default.labels]
"org.example.team" = "core"
"org.example.build" = "$TAG"

[tool.microb.target.worker]
python_version = "3.12"
install = "source"
`,
  dynamic: `[project]
name = "x"
dynamic = ["version", "dependencies"]
[build-system]
requires = ["setuptools-scm"]
`,
  poetry: `[tool.poetry]
name = "app"
version = "2.0"
authors = ["Ann <a@x>"]
[tool.poetry.dependencies]
python = "^3.11"
flask = "^3"
[build-system]
requires = ["poetry-core"]
`,
  source: `[project]
name = "site"
dependencies = ["flask"]
[tool.microb.target.default]
install = "source"
command = ["python", "-m", "site"]
`,
};
