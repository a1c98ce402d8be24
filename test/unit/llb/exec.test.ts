import { expect, test } from "vitest";
import { dump } from "../../../src/llb/dump.ts";
import { exec } from "../../../src/llb/exec.ts";
import { marshal } from "../../../src/llb/marshal.ts";
import type { Mount } from "../../../src/llb/mount.ts";
import { llb } from "../../../src/pb/generated.js";
import { fromInt64 } from "../../../src/pb/int64.ts";
import { COMMAND, context } from "./graph.ts";

const MOUNTS: readonly Mount[] = [
  { kind: "ssh", id: "default" },
  { kind: "ssh", id: "second", dest: "/agent", uid: 1000, optional: true },
  { kind: "secret", id: "token", dest: "/run/secrets/token", mode: 0o440, gid: 65532 },
  { kind: "secret-env", id: "token", name: "TOKEN", optional: true },
  { kind: "tmpfs", dest: "/tmp", size: 1 << 20 },
  { kind: "cache", dest: "/root/.cache/pip", id: "/pip", sharing: "locked" },
  { kind: "cache", dest: "/B", id: "ns/b", sharing: "private", from: context(), selector: "/seed" },
  { kind: "bind", dest: "/src", from: context(), selector: "/app" },
  { kind: "bind", dest: "/scratch", readonly: false },
];

test.each([
  ["a bare command", exec(COMMAND)],
  ["a command without PATH", exec({ ...COMMAND, env: {} })],
  ["all kinds of mounts", exec({ ...COMMAND, mounts: MOUNTS })],
  ["host network", exec({ ...COMMAND, network: "host" })],
  ["no network", exec({ ...COMMAND, network: "none" })],
  ["a directory as the result", exec({ ...COMMAND, result: "/out", mounts: MOUNTS })],
  [
    "everything else",
    exec({
      ...COMMAND,
      user: "65532:65532",
      hostname: "build",
      extraHosts: [{ host: "db", ip: "10.0.0.1" }],
      proxy: { http: "http://proxy:3128", no: "localhost" },
      name: "run",
      ignoreCache: true,
      progressGroup: { id: "g", name: "group", weak: true },
    }),
  ],
])("%s", (_, output) => {
  expect(dump(marshal(output))).toMatchSnapshot();
});

function execOp(mounts: readonly Mount[]): llb.ExecOp {
  const { def } = marshal(exec({ ...COMMAND, mounts }));
  const found = def.map((bytes) => llb.Op.decode(bytes)).find((op) => op.exec)?.exec;
  if (!found) throw new Error("no exec op");
  return found as llb.ExecOp;
}

test("the order in which mounts are named does not matter, up to secrets and sockets", () => {
  const filesystems = MOUNTS.filter(({ kind }) => kind !== "ssh" && kind !== "secret" && kind !== "secret-env");
  expect(marshal(exec({ ...COMMAND, mounts: [...filesystems].reverse() }))).toEqual(
    marshal(exec({ ...COMMAND, mounts: filesystems })),
  );
});

test("mounts are sorted by bytes, then secrets, then sockets", () => {
  expect(execOp(MOUNTS).mounts.map(({ dest }) => dest)).toEqual([
    "/",
    "/B",
    "/root/.cache/pip",
    "/scratch",
    "/src",
    "/tmp",
    "/run/secrets/token",
    "/run/buildkit/ssh_agent.0",
    "/agent",
  ]);
});

test("inputs are numbered by mount and used again; nothing but the root has an output", () => {
  const mounts = execOp(MOUNTS).mounts.filter(({ mountType }) => mountType === 0 || mountType === 3 || mountType === 4);
  expect(
    mounts.map(({ dest, input, output }) => [dest, Number(fromInt64(input ?? 0)), Number(fromInt64(output ?? 0))]),
  ).toEqual([
    ["/", 0, 0],
    ["/B", 1, -1],
    ["/root/.cache/pip", -1, -1],
    ["/scratch", -1, -1],
    ["/src", 1, -1],
    ["/tmp", -1, -1],
  ]);
});

test("an agent's socket is announced, unless the caller has another one", () => {
  const socket: Mount = { kind: "ssh", id: "default" };
  expect(execOp([socket]).meta?.env).toContain("SSH_AUTH_SOCK=/run/buildkit/ssh_agent.0");
  const { def } = marshal(exec({ ...COMMAND, env: { SSH_AUTH_SOCK: "/own" }, mounts: [socket] }));
  expect(llb.Op.decode(def[1] ?? new Uint8Array()).exec?.meta?.env).toEqual(["SSH_AUTH_SOCK=/own"]);
});

test("the two capabilities that no daemon offers are never asked for", () => {
  const text = dump(marshal(exec({ ...COMMAND, mounts: MOUNTS })));
  expect(text).not.toMatch(/removemountstubs|modestring/);
});
