/** `decodingStrategy`: base64 as Go's encoding/base64 reads it, on bytes. */
import { InvalidConfiguration } from "../providers/errors.ts";

const STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL_SAFE = `${STANDARD.slice(0, 62)}-_`;
const PAD = 0x3d;

function alphabetTable(alphabet: string): Uint8Array {
  const table = new Uint8Array(256).fill(0xff);
  for (let i = 0; i < alphabet.length; i++) table[alphabet.charCodeAt(i)] = i;
  return table;
}

const isLineBreak = (byte: number | undefined): boolean => byte === 0x0a || byte === 0x0d;

/** The offset of the first bad byte, as Go counts it. */
interface Corrupt {
  readonly corruptAt: number;
}

/** Where padding that begins after `quantum` characters, just before `at`, is wrong; `undefined` where it is right. */
function paddingFault(input: Uint8Array, at: number, quantum: number): number | undefined {
  if (quantum < 2) return at - 1;
  let next = at;
  if (quantum === 2) {
    while (isLineBreak(input[next])) next++;
    if (next === input.length) return input.length;
    if (input[next] !== PAD) return next - 1;
    next++;
  }
  while (isLineBreak(input[next])) next++;
  return next < input.length ? next : undefined;
}

/** Padded base64; carriage returns and line feeds are skipped wherever they stand, as Go does. */
function decodeBase64(input: Uint8Array, table: Uint8Array): Uint8Array | Corrupt {
  const output: number[] = [];
  let bits = 0;
  let quantum = 0;
  for (let at = 0; at < input.length; at++) {
    const byte = input[at] ?? 0;
    if (isLineBreak(byte)) continue;
    const value = table[byte] ?? 0xff;
    if (value !== 0xff) {
      bits = (bits << 6) | value;
      if (++quantum < 4) continue;
      output.push((bits >> 16) & 0xff, (bits >> 8) & 0xff, bits & 0xff);
      bits = quantum = 0;
      continue;
    }
    if (byte !== PAD) return { corruptAt: at };
    const fault = paddingFault(input, at + 1, quantum);
    if (fault !== undefined) return { corruptAt: fault };
    if (quantum === 2) output.push((bits >> 4) & 0xff);
    else output.push((bits >> 10) & 0xff, (bits >> 2) & 0xff);
    return Uint8Array.from(output);
  }
  return quantum === 0 ? Uint8Array.from(output) : { corruptAt: input.length - quantum };
}

const standardTable = alphabetTable(STANDARD);
const urlSafeTable = alphabetTable(URL_SAFE);

function decodeOrThrow(value: Uint8Array, table: Uint8Array): Uint8Array {
  const decoded = decodeBase64(value, table);
  if (decoded instanceof Uint8Array) return decoded;
  throw new InvalidConfiguration(`illegal base64 data at input byte ${decoded.corruptAt}`, {
    field: "decodingStrategy",
    remedy: "store the value as base64, or set decodingStrategy to None",
  });
}

/**
 * Decodes one value. `Auto` tries Base64, then Base64URL, and keeps the value where neither fits.
 * @throws InvalidConfiguration with Go's wording and offset, or for an unknown strategy.
 */
export function decodeValue(value: Uint8Array, strategy: string | undefined): Uint8Array {
  switch (strategy) {
    case undefined:
    case "":
    case "None":
      return value;
    case "Base64":
      return decodeOrThrow(value, standardTable);
    case "Base64URL":
      return decodeOrThrow(value, urlSafeTable);
    case "Auto":
      for (const table of [standardTable, urlSafeTable]) {
        const decoded = decodeBase64(value, table);
        if (decoded instanceof Uint8Array) return decoded;
      }
      return value;
    default:
      throw new InvalidConfiguration(`decoding strategy ${strategy} is not supported`, {
        field: "decodingStrategy",
        remedy: "use one of Auto, Base64, Base64URL, None",
      });
  }
}
