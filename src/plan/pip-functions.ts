import { raw, type ShellText, sh } from "../util/sh.ts";

// Functions that steps define for themselves, in the one language that every base image has. Python runs isolated (-I):
// neither the user's variables nor files that lie around change what it does.

/**
 * `encode` percent-encodes its input, byte for byte, so that any credential can stand in a URL. It is encoded twice
 * beyond ASCII: pip sends what it decodes as Latin-1, and servers want UTF-8 (RFC 7617).
 */
export const ENCODE: ShellText = define("encode", "-Ic", [
  "import sys",
  'text = sys.stdin.buffer.read().strip(b"\\r\\n").decode("latin-1")',
  'print("".join("%%%02X" % byte for byte in text.encode()))',
]);

/** `value FILE PATH` prints the text at a path of a TOML file. Python has a parser since 3.11, pip has one for before. */
export const VALUE: ShellText = define("value", "-Ic", [
  "import functools, importlib, json, operator, sys",
  'toml = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "pip._vendor.tomli")',
  'value = functools.reduce(operator.getitem, json.loads(sys.argv[2]), toml.load(open(sys.argv[1], "rb")))',
  "sys.stdout.buffer.write(value.encode())",
]);

/** `mask` hides user names and passwords in what goes through it. */
export const MASK: ShellText = define("mask", "-Iuc", [
  "import re, sys",
  '[sys.stdout.buffer.write(re.sub(b"//[^/@ ]*@", b"//****@", line)) for line in sys.stdin.buffer]',
]);

/**
 * `probe KEY REMEDY [trust]` asks the index whose URL, with credentials, is its input, and says what is wrong with it: pip
 * passes over an index that refuses. Pages of missing packages are 404, or 403, so those count for the root only.
 */
export const PROBE: ShellText = define("probe", "-W ignore -Ic", [
  "import sys; from pip._vendor.requests import get",
  'key, remedy, *trust = sys.argv[1:]; url = input().rstrip("/")',
  'say = lambda text: print("microb:", key + ": the index", text)',
  'sys.excepthook = lambda kind, *_: say("gives no answer (" + kind.__name__ + "): check url")',
  "ask = lambda path: get(url + path, timeout=10, stream=True, verify=not trust).status_code",
  'code = ask("/pip/"); code = ask("/") if code in (403, 404) else code',
  'remedies = {401: remedy, 403: remedy, 404: "check url"}',
  'code < 400 or say("answers %d: " % code + remedies.get(code, "it has a problem of its own, try again later"))',
]);

/**
 * `fetch SHA256 PATH [trust]` downloads the URL that is its input, with credentials in it, to a path whose directory is
 * there, and checks it. Another host, if the answer leads to one, is not told the credentials.
 */
export const FETCH: ShellText = define("fetch", "-W ignore -Ic", [
  "import hashlib, os, sys; from pip._vendor.requests import get",
  "sha256, path, *trust = sys.argv[1:]; name = os.path.basename(path)",
  'sys.excepthook = lambda kind, *_: print("microb: %s: its host gives no answer (%s)" % (name, kind.__name__))',
  "answer = get(input(), timeout=15, stream=True, verify=not trust)",
  'answer.ok or answer.close() or sys.exit("microb: %s: its host answers %d" % (name, answer.status_code))',
  'file = open(path, "wb"); digest = hashlib.sha256()',
  "blocks = answer.raw.stream(1 << 20, decode_content=False)",
  "[(file.write(block), digest.update(block)) for block in blocks]; file.close()",
  'digest.hexdigest() == sha256 or sys.exit("microb: %s: it is not the file of the lock: its sha256 is %s" % (name, digest.hexdigest()))',
]);

/** A program of several statements: to a shell the end of a line within quotes is text, to Python with a backslash it is none. */
function define(name: string, options: string, statements: readonly string[]): ShellText {
  const program = statements.join("; \\\n        ");
  return sh`${raw(name as ShellText)}() { python ${raw(options as ShellText)} ${program} "$@"; }`;
}
