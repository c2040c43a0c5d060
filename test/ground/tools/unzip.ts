/** Takes one file out of a zip archive, as far as the releases of tools need it. */
import { createReadStream, createWriteStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createInflateRaw } from "node:zlib";

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
const LONGEST_COMMENT = 65_535;
const STORED = 0;
const DEFLATED = 8;

interface Entry {
  readonly method: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly localOffset: number;
}

/**
 * Writes the member of that name to `target`.
 * @throws when the archive is none, has no such member, is packed by another method, is of the 64-bit form, or is cut off.
 */
export async function unzipMember(archive: string, member: string, target: string): Promise<void> {
  const file = await open(archive, "r");
  let start: number;
  let entry: Entry;
  try {
    entry = await findEntry(file, archive, member);
    const local = await readAt(file, entry.localOffset, LOCAL_BYTES);
    start = entry.localOffset + LOCAL_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28);
  } finally {
    await file.close();
  }
  if (entry.method !== STORED && entry.method !== DEFLATED) {
    throw new Error(`${member} in ${archive} is packed by method ${entry.method}, which is not known here`);
  }
  const packed = createReadStream(archive, { start, end: start + entry.packedBytes - 1 });
  const output = createWriteStream(target);
  if (entry.method === STORED) await pipeline(packed, output);
  else await pipeline(packed, createInflateRaw(), output);
  if (output.bytesWritten !== entry.bytes) {
    throw new Error(`${member} in ${archive} has ${output.bytesWritten} bytes in place of ${entry.bytes}`);
  }
}

async function findEntry(file: FileHandle, archive: string, member: string): Promise<Entry> {
  const { size } = await file.stat();
  const tailBytes = Math.min(size, END_BYTES + LONGEST_COMMENT);
  const tail = await readAt(file, size - tailBytes, tailBytes);
  let end = tail.length - END_BYTES;
  while (end >= 0 && tail.readUInt32LE(end) !== END_SIGNATURE) end--;
  if (end < 0) throw new Error(`${archive} is no zip archive`);
  const directoryBytes = tail.readUInt32LE(end + 12);
  const directory = await readAt(file, tail.readUInt32LE(end + 16), directoryBytes);
  for (let at = 0; at + ENTRY_BYTES <= directory.length; ) {
    if (directory.readUInt32LE(at) !== ENTRY_SIGNATURE) break;
    const nameBytes = directory.readUInt16LE(at + 28);
    const name = directory.toString("utf8", at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes);
    if (name === member) {
      return {
        method: directory.readUInt16LE(at + 10),
        packedBytes: directory.readUInt32LE(at + 20),
        bytes: directory.readUInt32LE(at + 24),
        localOffset: directory.readUInt32LE(at + 42),
      };
    }
    at += ENTRY_BYTES + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  throw new Error(`${archive} has no ${member}`);
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead !== length) throw new Error("the zip archive is cut off");
  return buffer;
}
