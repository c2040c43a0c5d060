/** Conformance kind `values_hashes_gjson`: small functions by the beginning of the case's `fn`. */
import { dataHash, syncedResourceVersion, type VersionedMeta } from "../../engine/hashes.ts";
import { validateKeys, withoutEmptyKey } from "../../engine/secret-keys.ts";
import { byteValueOf, jsonMembers, jsonToSecretMap, queryJson } from "../../providers/property/index.ts";
import { caseValueOf, caseValuesOf, secretMapOfCase } from "./case-values.ts";
import { resultOrError, sameValue } from "./compare.ts";
import { type Comparison, type ConformanceCase, fieldsOf } from "./conformance-file.ts";

type Runner = (each: ConformanceCase) => unknown;

const FUNCTIONS: readonly (readonly [start: string, run: Runner])[] = [
  ["ValidateKeys", validatedKeys],
  ["GetByteValue", byteValue],
  ["JSONToSecretDataMap", ({ in: input }) => caseValuesOf(jsonToSecretMap(Buffer.from(String(input))))],
  ["data-hash", ({ in: input }) => dataHash(secretMapOfCase(input))],
  ["status.syncedResourceVersion", ({ in: input }) => syncedResourceVersion(fieldsOf(input) as VersionedMeta)],
];

export function runValuesCase(each: ConformanceCase): Comparison | Promise<Comparison> {
  const name = String(each.fn);
  if (name.startsWith("remoteRef.property")) return property(each);
  const run = FUNCTIONS.find(([start]) => name.startsWith(start))?.[1];
  if (run === undefined) throw new Error(`no function ${name}`);
  return resultOrError({ value: each.expect, error: each.expectErr, isPart: true }, () => run(each));
}

function property({ in: input, path, exists, expect }: ConformanceCase): Comparison {
  const found = queryJson(Buffer.from(String(input)), String(path));
  const got = { exists: found !== undefined, value: found === undefined ? "" : caseValueOf(found) };
  return sameValue({ exists, value: expect }, got);
}

function validatedKeys({ in: input }: ConformanceCase): unknown {
  const kept = withoutEmptyKey(secretMapOfCase(input));
  validateKeys(kept);
  return caseValuesOf(kept);
}

/** The value as the only member of an object, which is how it comes from a backend. */
function byteValue({ in: input }: ConformanceCase): unknown {
  const [member] = jsonMembers(Buffer.from(JSON.stringify({ value: input ?? null })));
  if (member === undefined) throw new Error("no value");
  return caseValueOf(byteValueOf(member[1], "plain"));
}
