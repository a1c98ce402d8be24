/** The formats of locks. */
export type LockFormat = "uv.lock" | "pylock.toml" | "pdm.lock";

/** What a lock has besides what makes it one, as TOML. */
export type LockParts = Readonly<{
  /** What `requires-python` says. */
  python?: string;
  /** More keys of the edge of uv that leads to the package. */
  edge?: string;
  /** Where uv's package comes from. */
  source?: string;
  /** More keys of the package. */
  keys?: string;
  version?: string;
  url?: string;
  /** What comes after all. */
  more?: string;
}>;

/** A lock of a project `app` that requires `b`, as each tool writes it. */
export function lockOf(format: LockFormat, parts: LockParts = {}): string {
  const { python = ">=3.8", edge = "", source, keys = "", version = "1", more = "" } = parts;
  const { url = "https://files.example.org/b-1-py3-none-any.whl" } = parts;
  const hash = "0".repeat(64);
  switch (format) {
    case "uv.lock":
      return `version = 1
revision = 3
requires-python = "${python}"

[[package]]
name = "app"
version = "1"
source = { editable = "." }
dependencies = [{ name = "b"${edge} }]

[[package]]
name = "b"
version = "${version}"
source = ${source ?? '{ registry = "https://pypi.org/simple" }'}
${keys}wheels = [{ url = "${url}", hash = "sha256:${hash}", size = 1 }]
${more}`;
    case "pylock.toml":
      return `lock-version = "1.0"
created-by = "test"
requires-python = "${python}"

[[packages]]
name = "b"
version = "${version}"
${keys}wheels = [{ url = "${url}", hashes = { sha256 = "${hash}" } }]
${more}`;
    case "pdm.lock":
      return `[metadata]
groups = ["default"]
strategy = ["inherit_metadata", "static_urls"]
lock_version = "4.5.0"

[[metadata.targets]]
requires_python = "${python}"

[[package]]
name = "b"
version = "${version}"
groups = ["default"]
${keys}files = [{ url = "${url}", hash = "sha256:${hash}" }]
${more}`;
  }
}
