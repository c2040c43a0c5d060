/** Conformance kinds `decoding` and `conversion`: single strategies. */
import { decodeValue } from "../../engine/decode.ts";
import { convertKeys, reverseKeys } from "../../engine/secret-keys.ts";
import { bytesOfCase, caseValueOf, caseValuesOf, secretMapOfCase } from "./case-values.ts";
import { resultOrError } from "./compare.ts";
import { type Comparison, type ConformanceCase, fieldsOf } from "./conformance-file.ts";

/** One value (`in`, `expect`), or a map of them (`inMap`, `expectMap`). */
export function runDecodingCase(each: ConformanceCase): Promise<Comparison> {
  const decode = (value: unknown) => caseValueOf(decodeValue(bytesOfCase(value), String(each.strategy ?? "")));
  if (each.inMap === undefined) {
    return resultOrError({ value: each.expect, error: each.expectErr, isPart: true }, () => decode(each.in));
  }
  return resultOrError({ value: each.expectMap, error: each.expectErr, isPart: true }, () =>
    Object.fromEntries(Object.entries(fieldsOf(each.inMap)).map(([key, value]) => [key, decode(value)])),
  );
}

/** Of keys, to those of a Secret or back. */
export function runConversionCase(each: ConformanceCase): Promise<Comparison> {
  const { strategy, direction, in: input, expect, expectErr } = each;
  const convert = direction === "reverse" ? reverseKeys : convertKeys;
  return resultOrError({ value: expect, error: expectErr }, () =>
    caseValuesOf(convert(secretMapOfCase(input), String(strategy ?? ""))),
  );
}
