/** `nullBytePolicy: Fail`: refuses values that hold a null byte. */
import { InvalidConfiguration } from "../providers/errors.ts";
import type { SecretMap } from "../providers/secret-map.ts";

/**
 * Looks at all values under the policy `Fail`; any other permits everything.
 * @throws InvalidConfiguration for the first such key in the alphabet, in ESO's words
 */
export function refuseNullBytes(data: SecretMap, policy: string | undefined): void {
  if (policy !== "Fail") return;
  const [key] = [...data].flatMap(([name, value]) => (value.includes(0) ? [name] : [])).sort();
  if (key === undefined) return;
  throw new InvalidConfiguration(`fetched secret value for key ${JSON.stringify(key)} contains null bytes`, {
    remedy: "store it in a text-safe format such as PEM or base64, or leave nullBytePolicy unset for binary data",
  });
}
