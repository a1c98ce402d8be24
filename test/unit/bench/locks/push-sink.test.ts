import { createHash } from "node:crypto";
import { expect, onTestFinished, test } from "vitest";
import { startPushSink } from "../../../../bench/locks/push-sink.ts";

test("a pushed image is known by its names and sizes, and bytes that come again are not counted", async () => {
  const sink = await startPushSink();
  onTestFinished(sink.stop);
  const url = (path: string) => `http://${sink.host}/v2/some/name/${path}`;
  const push = async (text: string) => {
    const digest = `sha256:${createHash("sha256").update(text).digest("hex")}`;
    const known = await fetch(url(`blobs/${digest}`), { method: "HEAD" });
    if (known.status === 404) {
      const started = await fetch(url("blobs/uploads/"), { method: "POST" });
      expect(started.status).toBe(202);
      const location = new URL(started.headers.get("location") ?? "", url(""));
      const half = text.slice(0, 2);
      expect((await fetch(location, { method: "PATCH", body: half })).headers.get("range")).toBe("0-1");
      const end = await fetch(`${location}?digest=${digest}`, { method: "PUT", body: text.slice(2) });
      expect(end.status).toBe(201);
    } else {
      expect(known.headers.get("content-length")).toBe(`${text.length}`);
    }
    return { digest, size: text.length };
  };
  const image = { config: await push("{}\n"), layers: [await push("layer one"), await push("layer two")] };
  expect(sink.uploaded()).toBe(21);
  await push("layer one");
  expect(sink.uploaded()).toBe(0);

  const manifest = JSON.stringify(image);
  const digest = `sha256:${createHash("sha256").update(manifest).digest("hex")}`;
  const put = await fetch(url("manifests/tag"), { method: "PUT", body: manifest, headers: { "content-type": "a/b" } });
  expect(put.headers.get("docker-content-digest")).toBe(digest);
  const got = await fetch(url(`manifests/${digest}`));
  expect([got.headers.get("content-type"), await got.text()]).toEqual(["a/b", manifest]);
  expect(sink.image("some/name", "tag")).toEqual(image);
  expect((await fetch(url("manifests/other"))).status).toBe(404);

  sink.forget();
  expect((await fetch(url(`manifests/${digest}`))).status).toBe(404);
  await push("layer one");
  expect(sink.uploaded()).toBe(9);
});
