/** Conformance kind `rewrite`: operations on the keys of a map. */
import type { Rewrite } from "../../api/external-secret.ts";
import { rewriteKeys } from "../../engine/rewrite/index.ts";
import { caseValuesOf, secretMapOfCase } from "./case-values.ts";
import { resultOrError } from "./compare.ts";
import type { Comparison, ConformanceCase } from "./conformance-file.ts";
import { engineOfCases } from "./engine.ts";

export function runRewriteCase({ operations, in: input, expect, expectErr }: ConformanceCase): Promise<Comparison> {
  return resultOrError({ value: expect, error: expectErr }, () =>
    caseValuesOf(rewriteKeys(operations as readonly Rewrite[], secretMapOfCase(input), engineOfCases())),
  );
}
