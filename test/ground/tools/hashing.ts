/** A checksum on the way: passes all bytes on as they are. */
import type { Hash } from "node:crypto";

export async function* hashing(source: AsyncIterable<Buffer>, hash: Hash): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
}
