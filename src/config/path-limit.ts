/** No file has a longer path, in bytes (Linux `PATH_MAX`, without its NUL); what is written in a file may be longer. */
export const MAX_PATH = 4095;

/** Whether nothing can be at a path: what takes paths apart, down to each directory, never sees a longer one. */
export function isTooLong(path: string): boolean {
  return path.length > MAX_PATH || (path.length > MAX_PATH / 3 && Buffer.byteLength(path) > MAX_PATH);
}
