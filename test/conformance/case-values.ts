/** Values of cases: text, or bytes as `{"$b64": …}`. */
import { SecretMap } from "../../providers/secret-map.ts";
import { fieldsOf, isRecord } from "./conformance-file.ts";

/** The bytes that a case's value stands for. */
export function bytesOfCase(value: unknown): Uint8Array {
  if (isRecord(value) && typeof value.$b64 === "string") return Buffer.from(value.$b64, "base64");
  return Buffer.from(String(value));
}

/** A map of such values. */
export function secretMapOfCase(values: unknown): SecretMap {
  return new SecretMap(Object.entries(fieldsOf(values)).map(([key, value]) => [key, bytesOfCase(value)]));
}

/** Bytes as a case writes them: text where they are UTF-8. */
export function caseValueOf(value: Uint8Array): unknown {
  const text = Buffer.from(value).toString("utf8");
  return Buffer.from(text, "utf8").equals(value) ? text : { $b64: Buffer.from(value).toString("base64") };
}

/** A map as a case writes it. */
export function caseValuesOf(values: Iterable<readonly [string, Uint8Array]>): Record<string, unknown> {
  return Object.fromEntries([...values].map(([key, value]) => [key, caseValueOf(value)]));
}
