import { StringDecoder } from "node:string_decoder";

/**
 * The values of a stream of JSON lines, as the engine writes them while it works.
 * @throws SyntaxError for a line that is not JSON.
 */
export async function* jsonLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<unknown, void, void> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of source) {
    const lines = (rest + decoder.write(Buffer.from(chunk))).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") yield JSON.parse(line);
  }
  rest += decoder.end();
  if (rest.trim() !== "") yield JSON.parse(rest);
}
