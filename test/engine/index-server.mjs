// A package index of static files: PEP 503 (HTML) and PEP 691 (JSON), with hashes and metadata (PEP 658, PEP 714).
// node index-server.mjs DIRECTORY ADDRESS PORT; files are found in DIRECTORY/*/, and new ones without a restart.
import { createHash } from "node:crypto";
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { basename, join } from "node:path";

const [root = ".", address = "127.0.0.1", port = "3141"] = process.argv.slice(2);
const JSON_TYPE = "application/vnd.pypi.simple.v1+json";

/** path, size and time of a file -> its SHA-256 */
const hashes = new Map();

function sha256(path) {
  const { size, mtimeMs } = statSync(path);
  const key = `${path} ${size} ${mtimeMs}`;
  let hash = hashes.get(key);
  if (!hash) {
    hash = createHash("sha256").update(readFileSync(path)).digest("hex");
    hashes.set(key, hash);
  }
  return hash;
}

/** file name -> path; the same wheel may have been fetched for several Pythons */
function listFiles() {
  const files = new Map();
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name.endsWith(".new")) continue;
    for (const name of readdirSync(join(root, entry.name))) {
      if (/\.(whl|tar\.gz)(\.metadata)?$/.test(name)) files.set(name, join(root, entry.name, name));
    }
  }
  return files;
}

const normalize = (project) => project.replace(/[-_.]+/g, "-").toLowerCase();

/** In the name of a wheel the project ends at the first hyphen, in that of an sdist at the last one. */
function projectOf(name) {
  return normalize(name.slice(0, name.endsWith(".whl") ? name.indexOf("-") : name.lastIndexOf("-")));
}

function describe(name, path) {
  const file = { filename: name, url: `/files/${name}`, hashes: { sha256: sha256(path) } };
  const metadata = `${path}.metadata`;
  if (existsSync(metadata)) {
    file["core-metadata"] = { sha256: sha256(metadata) };
    const requires = /^Requires-Python: *(.+)$/m.exec(readFileSync(metadata, "utf8").split(/\r?\n\r?\n/, 1)[0]);
    if (requires) file["requires-python"] = requires[1].trim();
  }
  return file;
}

const escapeHtml = (text) =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
const page = (title, links) =>
  `<!DOCTYPE html>\n<html><head><meta name="pypi:repository-version" content="1.0"><title>${title}</title></head>` +
  `<body>\n${links.join("<br>\n")}\n</body></html>\n`;

function link(file) {
  const metadata = file["core-metadata"] ? ` data-core-metadata="sha256=${file["core-metadata"].sha256}"` : "";
  const requires = file["requires-python"] ? ` data-requires-python="${escapeHtml(file["requires-python"])}"` : "";
  return `<a href="${file.url}#sha256=${file.hashes.sha256}"${requires}${metadata}>${escapeHtml(file.filename)}</a>`;
}

function respond(request, response) {
  const send = (status, type, body) => {
    response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body), vary: "accept" });
    response.end(request.method === "HEAD" ? undefined : body);
  };
  const answer = (json, html) =>
    (request.headers.accept ?? "").includes(JSON_TYPE)
      ? send(200, JSON_TYPE, JSON.stringify({ meta: { "api-version": "1.0" }, ...json }))
      : send(200, "text/html; charset=utf-8", html);

  const { pathname } = new URL(request.url ?? "/", "http://index");
  const [, area, name, rest] = decodeURIComponent(pathname).split("/");
  const files = listFiles();
  const distributions = [...files].filter(([file]) => !file.endsWith(".metadata")).sort();
  if (area === "simple" && !name) {
    const projects = [...new Set(distributions.map(([file]) => projectOf(file)))].sort();
    return answer(
      { projects: projects.map((project) => ({ name: project })) },
      page(
        "Simple index",
        projects.map((project) => `<a href="/simple/${project}/">${project}</a>`),
      ),
    );
  }
  if (area === "simple" && !rest) {
    const project = normalize(name);
    const found = distributions
      .filter(([file]) => projectOf(file) === project)
      .map(([file, path]) => describe(file, path));
    if (found.length > 0) return answer({ name: project, files: found }, page(project, found.map(link)));
  }
  // Below any directories: so it can stand in for the public host of files, whatever a lock calls them.
  const path = area === "files" && name ? files.get(basename(decodeURIComponent(pathname))) : undefined;
  if (!path) return send(404, "text/plain", "not found\n");
  response.writeHead(200, { "content-type": "application/octet-stream", "content-length": statSync(path).size });
  if (request.method === "HEAD") return response.end();
  createReadStream(path)
    .on("error", () => response.destroy())
    .pipe(response);
}

const server = createServer((request, response) => {
  try {
    respond(request, response);
  } catch (error) {
    // A malformed address, or a file that was just replaced.
    console.error(error);
    if (!response.headersSent) response.writeHead(500);
    response.end();
  }
});
server.listen(Number(port), address);
