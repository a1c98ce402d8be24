import { expect, test } from "vitest";
import { parseEndpoint } from "../../../src/engine/endpoint.ts";

test.each([
  ["unix:///run/x.sock", { kind: "socket", path: "/run/x.sock" }],
  ["unix://", { kind: "socket", path: "/var/run/docker.sock" }],
  ["npipe:////./pipe/docker_engine", { kind: "socket", path: "//./pipe/docker_engine" }],
  ["tcp://host:1", { kind: "tcp", host: "host", port: 1 }],
  ["tcp://host", { kind: "tcp", host: "host", port: 2375 }],
  ["tcp://host:1/", { kind: "tcp", host: "host", port: 1 }],
  ["127.0.0.1:4243", { kind: "tcp", host: "127.0.0.1", port: 4243 }],
  ["tcp://[::1]:5", { kind: "tcp", host: "::1", port: 5 }],
])("%s", (text, endpoint) => {
  expect(parseEndpoint(text)).toEqual(endpoint);
});

test("TLS has a port of its own", () => {
  const tls = { directory: "/certs", verify: true };
  expect(parseEndpoint("tcp://host", tls)).toEqual({ kind: "tcp", host: "host", port: 2376, tls });
  expect(parseEndpoint("unix:///x", tls)).toEqual({ kind: "socket", path: "/x" });
});

test.each([
  ["ssh://me@host", "ssh:// is not supported"],
  ["fd://3", "fd:// is not supported: use unix:// or tcp://"],
  ["unix://relative", '"relative" is not an absolute path'],
  ["tcp://", '"" is not of the form host:port'],
  ["", '"" is not of the form host:port'],
  ["tcp://host:99999", "is not of the form host:port"],
  ["tcp://host:1/path", "is not of the form host:port"],
  ["tcp://[bad", "is not of the form host:port"],
  ["tcp://a b", "is not of the form host:port"],
  ["\n", "is not of the form host:port"],
])("%j is refused", (text, message) => {
  expect(() => parseEndpoint(text)).toThrow(RangeError);
  expect(() => parseEndpoint(text)).toThrow(message);
});
