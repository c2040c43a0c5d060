/** Keys of a Secret: how names from a backend become valid ones, and which ones are valid. */
import { InvalidConfiguration } from "../providers/errors.ts";
import { SecretMap } from "../providers/secret-map.ts";

const MAX_KEY_LENGTH = 253;
const ALLOWED = /^[\p{L}\p{N}._-]$/u;

/** `Default`: every other character becomes `_`; `Unicode`: `_U` with at least four hex digits and `_`. */
function convertKey(key: string, strategy: string): string {
  if (strategy !== "Default" && strategy !== "Unicode") return key;
  let converted = "";
  for (const character of key) {
    if (ALLOWED.test(character)) converted += character;
    else if (strategy === "Default") converted += "_";
    else converted += `_U${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}_`;
  }
  return converted;
}

/**
 * Applies `conversionStrategy` to all keys. An absent or empty strategy is `Default`; an unknown one changes nothing (as in ESO).
 * @throws InvalidConfiguration where two keys become the same.
 */
export function convertKeys(data: SecretMap, strategy: string | undefined): SecretMap {
  return withKeys(data, (key) => convertKey(key, strategy === undefined || strategy === "" ? "Default" : strategy));
}

/**
 * Checks that every key may stand in a Secret: letters and numbers of any script, `-`, `.` and `_`, at most 253 bytes.
 * @throws InvalidConfiguration with ESO's wording.
 */
export function validateKeys(data: SecretMap): void {
  for (const key of data.keys()) {
    const bytes = Buffer.byteLength(key);
    if (bytes > MAX_KEY_LENGTH) {
      const shown = Buffer.from(key).subarray(0, MAX_KEY_LENGTH).toString();
      throw new InvalidConfiguration(
        `key has length ${bytes} but max is ${MAX_KEY_LENGTH}: (following is truncated): ${shown}`,
        { remedy: "rename the key in the backend" },
      );
    }
    for (const character of key) {
      if (ALLOWED.test(character)) continue;
      throw new InvalidConfiguration(
        `key has invalid character ${character}, only alphanumeric, '-', '.' and '_' are allowed: ${key}`,
        { remedy: "set conversionStrategy, or rename the key in the backend" },
      );
    }
  }
}

/** Drops the empty key, which no Secret may have, as ESO does. */
export function withoutEmptyKey(data: SecretMap): SecretMap {
  if (!data.has("")) return data;
  const kept = new SecretMap(data);
  kept.delete("");
  return kept;
}

const ESCAPED = /_U([0-9a-fA-F]{4,5})_/g;

/**
 * Takes `conversionStrategy: Unicode` back, for values that are pushed: `ReverseUnicode` makes `/` of `_U002f_`; any
 * other strategy changes nothing.
 * @throws InvalidConfiguration where two keys become the same.
 */
export function reverseKeys(data: SecretMap, strategy: string | undefined): SecretMap {
  if (strategy !== "ReverseUnicode") return data;
  return withKeys(data, (key) => key.replace(ESCAPED, (_, hex: string) => characterOf(Number.parseInt(hex, 16))));
}

/** A surrogate is no character. */
function characterOf(code: number): string {
  return code >= 0xd800 && code <= 0xdfff ? "\ufffd" : String.fromCodePoint(code);
}

function withKeys(data: SecretMap, convert: (key: string) => string): SecretMap {
  const converted = new SecretMap();
  for (const [key, value] of data) {
    const name = convert(key);
    if (converted.has(name)) {
      throw new InvalidConfiguration(`secret name collision during conversion: ${name}`, {
        field: "conversionStrategy",
        remedy: "use conversionStrategy Unicode, or rename one of the keys in the backend",
      });
    }
    converted.set(name, value);
  }
  return converted;
}
