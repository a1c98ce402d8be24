/**
 * The least that a BuildKit frontend in Node.js can be: it asks the daemon what it can do, solves a graph that was
 * marshalled beforehand and returns a configuration that was written beforehand. It reads no file of the user, checks
 * nothing and loads no package. What it costs, every frontend in Node.js costs.
 */
const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");
const { connect } = require("node:http2");
const { Socket } = require("node:net");
const { Duplex } = require("node:stream");

// Messages are strings of one character per byte: see `bench/bake-graph.ts`.
const baked = JSON.parse(readFileSync(`${__dirname}/graph.json`, "utf8"));
const session = connectDaemon();
main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);

async function main() {
  const [solved] = await Promise.all([call("Solve", withSession(process.env.BUILDKIT_SESSION_ID)), call("Ping", "")]);
  const [, reference] = /\n\x19([0-9a-z]{25})/.exec(solved);
  await call("Return", baked.returned.replace(baked.reference, reference));
}

/** Each op is named by the digest of its bytes, and the session's name is in the bytes of the first. */
function withSession(id) {
  let solve = baked.solve.replace(baked.session, id);
  for (const { start, end, digest } of baked.ops) {
    const bytes = Buffer.from(solve.slice(start, end), "latin1");
    solve = solve.replaceAll(digest, `sha256:${createHash("sha256").update(bytes).digest("hex")}`);
  }
  return solve;
}

function connectDaemon() {
  const stdin = new Socket({ fd: 0, readable: true, writable: false });
  const stdout = new Socket({ fd: 1, readable: false, writable: true });
  const wire = new Duplex({ read() {}, write: (bytes, _encoding, done) => stdout.write(bytes, done) });
  stdin.on("data", (bytes) => wire.push(bytes)).on("end", () => wire.push(null));
  return connect("http://localhost", { createConnection: () => wire });
}

function call(method, message) {
  return new Promise((resolve, reject) => {
    const path = `/moby.buildkit.v1.frontend.LLBBridge/${method}`;
    const stream = session.request({ ":method": "POST", ":path": path, "content-type": "application/grpc" });
    const chunks = [];
    const check = (headers) => {
      if (Number(headers["grpc-status"] ?? 0) !== 0) reject(new Error(`${method}: ${headers["grpc-message"]}`));
    };
    stream.on("response", check).on("trailers", check).on("error", reject);
    stream.on("data", (chunk) => chunks.push(chunk));
    stream.on("end", () => resolve(Buffer.concat(chunks).toString("latin1", 5)));
    const head = Buffer.alloc(5);
    head.writeUInt32BE(message.length, 1);
    stream.end(Buffer.concat([head, Buffer.from(message, "latin1")]));
  });
}
