/** Bytes as strings of one character per byte, so that JSON is searched as text and nothing in it is re-encoded. */

/** Text in which each character is one byte (0–255). */
export type ByteText = string;

/** The bytes, each as one character. */
export function byteTextOf(bytes: Uint8Array): ByteText {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

/** The bytes that `text` stands for. */
export function bytesOf(text: ByteText): Uint8Array {
  return new Uint8Array(Buffer.from(text, "latin1"));
}

/** The UTF-8 bytes of ordinary text. */
export function encodeText(text: string): ByteText {
  return isAscii(text) ? text : Buffer.from(text, "utf8").toString("latin1");
}

/** Ordinary text from its UTF-8 bytes; broken sequences become U+FFFD. */
export function decodeText(text: ByteText): string {
  return isAscii(text) ? text : Buffer.from(text, "latin1").toString("utf8");
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}
