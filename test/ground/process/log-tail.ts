/** The end of a log file, for error messages. */
import { open } from "node:fs/promises";

const MOST_BYTES = 16_384;

/** The last `lines` lines of a file, at most 16 KiB; empty where the file is not there. */
export async function logTail(path: string, lines = 8): Promise<string> {
  const file = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (file === undefined) return "";
  try {
    const { size } = await file.stat();
    const length = Math.min(size, MOST_BYTES);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString("utf8").trimEnd().split("\n").slice(-lines).join("\n");
  } finally {
    await file.close();
  }
}
