/** Sprig's functions of chance. */
import type { CallContext, GoFunction } from "../go-value.ts";
import { asInt, asString, define } from "./define.ts";
import { randomBelow } from "./random-numbers.ts";
import { runesOf, textOfRunes } from "./runes.ts";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const DIGITS = "0123456789";
const PRINTABLE = Array.from({ length: 95 }, (_, index) => String.fromCharCode(0x20 + index)).join("");

/** The functions by their names in sprig. */
export function randomFunctions(): GoFunction[] {
  const ofAlphabet = (name: string, alphabet: string): GoFunction =>
    define(name, ["int"], ([count], context) => randomText(asInt(count), alphabet, context));
  return [
    ofAlphabet("randAlphaNum", LETTERS + DIGITS),
    ofAlphabet("randAlpha", LETTERS),
    ofAlphabet("randNumeric", DIGITS),
    ofAlphabet("randAscii", PRINTABLE),
    define("shuffle", ["string"], ([text], context) => shuffle(asString(text), context)),
    define("uuidv4", [], (_, context) => randomUuid(context)),
  ];
}

/** Each character of the alphabet as likely as the others; none for a negative count. */
function randomText(count: bigint, alphabet: string, context: CallContext): string {
  if (count <= 0n) return "";
  context.spend(Number(count));
  // Bytes from here on would make the first characters likelier.
  const limit = 256 - (256 % alphabet.length);
  const length = Number(count);
  const parts: string[] = [];
  while (parts.length < length) {
    for (const byte of context.randomBytes(Math.min(length - parts.length + 8, 65_536))) {
      if (byte < limit && parts.length < length) parts.push(alphabet.charAt(byte % alphabet.length));
    }
  }
  return parts.join("");
}

/** The runes in any order. */
function shuffle(text: string, context: CallContext): string {
  const runes = runesOf(text);
  for (let last = runes.length - 1; last > 0; last--) {
    const index = Number(randomBelow(BigInt(last + 1), context));
    const [a = 0, b = 0] = [runes[last], runes[index]];
    runes[last] = b;
    runes[index] = a;
  }
  return textOfRunes(runes);
}

function randomUuid(context: CallContext): string {
  const bytes = Uint8Array.from(context.randomBytes(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Buffer.from(bytes).toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
