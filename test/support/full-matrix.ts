/** Whether every test runs on every engine (`npm run test:full`), also where one of them shows what all three do. */
export function isFullMatrix(): boolean {
  return process.env["MICROB_TESTS"] === "full";
}
