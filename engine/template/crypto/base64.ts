/** Standard base64 as Go's `base64.StdEncoding` reads it. */
import { InvalidConfiguration } from "../../../providers/errors.ts";
import { decodeValue } from "../../decode.ts";
import { bytesOf, GoError } from "../go-value.ts";

/** Decodes a Go string; `undefined` where it is no base64. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const compact = text.replace(/[\r\n]/g, "");
  const isBase64 = compact.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(compact);
  return isBase64 ? Buffer.from(compact, "base64") : undefined;
}

/** @throws GoError with Go's wording and the offset of the first fault. */
export function decodeBase64OrThrow(text: string): Uint8Array {
  try {
    return decodeValue(bytesOf(text), "Base64");
  } catch (error) {
    if (error instanceof InvalidConfiguration) throw new GoError(error.message);
    throw error;
  }
}
