import { raw, type ShellText, sh } from "../util/sh.ts";

// Functions that steps define for themselves, in Python, which every base image has. Python runs isolated (-I): neither the
// user's variables nor other files change what it does.

/**
 * `need ID KEY` fails if the build has no secret of that id: secrets are mounted if they are offered, and the step itself
 * says which key wants one that is not.
 */
export const NEED: ShellText = sh`need() { test -s "/run/secrets/$1" || { printf 'microb: %s: the build has no secret "%s", or it is empty: pass --secret id=%s,src=FILE\\n' "$2" "$1" "$1" >&2; exit 1; }; }`;

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

/** `mask` hides user names and passwords in what goes through it: URLs, and what a server sends back of a request. */
export const MASK: ShellText = define("mask", "-Iuc", [
  "import re, sys; word = r'[^\\s\\x22\\x27<>/?#%s]*'; end = r'(?=[\\s\\x22\\x27<>/?#]|$)'",
  "host = r'(?:\\[[\\dA-Fa-f:.]+\\]|localhost|[\\w-]+(?:\\.[\\w-]+)+|[\\w-]+(?=:\\d))(?::\\d*)?[^\\w\\s:\\x22\\x27<>/?#@]*'",
  "users = [word % ':' + '(?=@' + word % ':@' + r'(?::\\d*)?' + end + ')', word % '' + '(?=@' + host + end + ')']",
  "users += [word % ':[' + r':(?!\\d*' + end + r')[^\\r\\n]{0,4096}(?=@)']",
  "url = r'((?:(?<!docker-image)(?<!oci-layout):|(?<![\\w.:/-]))//)(?!git@)(?:' + '|'.join(users) + ')'",
  "sent = r'(\\b(?:Basic|Bearer) +)(?![Aa]uth|realm)[\\w+/=.~-]{6,}'",
  "hide = lambda line: re.sub(sent.encode(), rb'\\1****', re.sub(url.encode(), rb'\\1****', line))",
  "[sys.stdout.buffer.write(hide(line)) for line in sys.stdin.buffer]",
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
 * `settings [OPTION…]` prints, as a configuration of uv, what pip makes of its own configuration, variables and options.
 * Of two indexes with the same file pip takes the last, uv the first; pip sends credentials as Latin-1, uv as UTF-8, so
 * what is encoded for pip is decoded once. A missing page may be 403 to both. The public index is not named: uv knows it,
 * and an --index-url of a requirements file replaces only what no configuration names.
 */
export const UV_SETTINGS: ShellText = define("settings", "-Ic", [
  "import json, re, sys; from urllib.parse import quote, unquote; from pip._internal.commands import create_command",
  "from pip._internal.models.link import Link; from pip._internal.network.session import PipSession",
  'options = create_command("install").parse_args(sys.argv[1:])[0]; public = "https://pypi.org/simple"',
  "more, main = ([], []) if options.no_index else (options.extra_index_urls[::-1], [options.index_url or public])",
  "is_secure = PipSession(trusted_hosts=options.trusted_hosts).is_secure_origin",
  'all([is_secure(Link(url)) for url in more + main]) or sys.exit("microb: plain http takes trust = true")',
  'decoded = lambda part: quote(unquote(part[0]).encode("latin-1"), safe="")',
  'user = lambda part: re.sub("(%[0-9A-Fa-f]{2})+", decoded, part[0])',
  'url = lambda text: json.dumps(re.sub("(?<=//)[^/?#]*@", user, text, count=1))',
  'index = lambda text, kind: "{ url = %s, default = %s, ignore-error-codes = [403] }" % (url(text), kind)',
  'named = [index(text, "false") for text in more] + [index(text, "true") for text in main if text.rstrip("/") != public]',
  `say = lambda key, value: print(key, "=", value); say("index-strategy", '"unsafe-best-match"'); say("no-sources", "true")`,
  'say("no-index", json.dumps(bool(options.no_index))); say("find-links", json.dumps(options.find_links))',
  'say("allow-insecure-host", json.dumps(options.trusted_hosts)); say("index", "[%s]" % ", ".join(named))',
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
