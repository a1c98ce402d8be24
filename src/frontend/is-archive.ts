/**
 * Whether a file that begins so is packed with bzip2, gzip or xz, or a plain tar archive, of which 512 bytes are needed
 * (BuildKit `dockerui/context.go`, `isArchive`).
 */
export function isArchive(start: Uint8Array): boolean {
  const text = Buffer.from(start).toString("latin1");
  return (
    ["BZh", "\x1f\x8b\x08", "\xfd7zXZ\x00"].some((magic) => text.startsWith(magic)) || isTar(start.subarray(0, 512))
  );
}

/** Formats of tar differ; they have in common that a header holds the sum of its bytes, itself taken as spaces. */
function isTar(header: Uint8Array): boolean {
  if (header.length < 512 || header[0] === 0) return false;
  const [from, to] = [148, 156];
  const sum = header.reduce((total, byte, index) => total + (index >= from && index < to ? 0x20 : byte), 0);
  const field = Buffer.from(header.subarray(from, to)).toString("latin1").replace(/\0.*$/s, "").trim();
  return /^[0-7]+$/.test(field) && Number.parseInt(field, 8) === sum;
}
