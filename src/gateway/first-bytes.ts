import { Transform } from "node:stream";

/** How much the daemon may send of one answer before it is given room again: grpc-js tells it with the first bytes. */
export const FLOW_CONTROL_WINDOW: number = 4 << 20;

/**
 * What every connection of ours begins with, as grpc-js over `node:http2` sends it: the preface of HTTP/2, and a SETTINGS
 * frame with SETTINGS_INITIAL_WINDOW_SIZE (RFC 9113, 3.4 and 6.5). The daemon gives a frontend up whose first bytes have not
 * come after ten seconds. So the program that starts Node (`script/entry/`) writes them before Node is even loaded.
 */
export const FIRST_BYTES: Buffer = Buffer.concat([
  Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  Buffer.of(0, 0, 6, 4, 0, 0, 0, 0, 0),
  Buffer.of(
    0,
    4,
    FLOW_CONTROL_WINDOW >>> 24,
    (FLOW_CONTROL_WINDOW >>> 16) & 0xff,
    (FLOW_CONTROL_WINDOW >>> 8) & 0xff,
    0,
  ),
]);

/**
 * Passes on what comes after the first bytes, which were sent already. It fails if something else comes: an HTTP/2 client
 * whose SETTINGS differ from those that were sent would lose the connection for a reason that nobody could find.
 */
export function withoutFirstBytes(): Transform {
  let sent = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const expected = FIRST_BYTES.subarray(sent, sent + chunk.length);
      sent += expected.length;
      if (!chunk.subarray(0, expected.length).equals(expected)) {
        done(new Error("the HTTP/2 client does not begin with the bytes that were sent for it"));
        return;
      }
      done(null, chunk.subarray(expected.length));
    },
  });
}
