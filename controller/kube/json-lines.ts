/** Cuts a byte stream into lines of JSON, across chunk borders and inside multi-byte characters. */

/** One object of the API server is at most 3 MiB on the wire; a line beyond this is not from it. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;

/** The stream ended inside a line, or a line was no JSON: the connection cannot be trusted any more. */
export class TornLineError extends Error {
  readonly code = "TORN_ANSWER";
}

/**
 * Yields each line's parsed value. Empty lines are skipped. Reads on only as fast as the consumer takes values.
 * @throws TornLineError where a line is incomplete at the end, is no JSON, or is longer than 64 MiB.
 */
export async function* jsonLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  // Whole lines are decoded, never chunks: a newline byte cannot be part of a multi-byte character.
  let rest: Uint8Array[] = [];
  let restBytes = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, start)) {
      const line = Buffer.concat([...rest, chunk.subarray(start, end)]);
      rest = [];
      restBytes = 0;
      start = end + 1;
      if (line.length > 0) yield parseLine(line);
    }
    if (start < chunk.length) {
      rest.push(chunk.subarray(start));
      restBytes += chunk.length - start;
      if (restBytes > MAX_LINE_BYTES) throw new TornLineError("a line of the watch is longer than 64 MiB");
    }
  }
  if (restBytes > 0) throw new TornLineError("the watch ended inside a line");
}

function parseLine(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString("utf8"));
  } catch {
    // The parser's message quotes the text, which may be a Secret.
    throw new TornLineError("a line of the watch is no JSON");
  }
}
