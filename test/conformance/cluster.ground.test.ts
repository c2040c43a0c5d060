/**
 * The conformance cases that need a cluster, in the folder that CONFORMANCE_DIR names; without it there are none. Those that
 * stand in docs/compatibility.md must still differ, so that the page stays true.
 */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { CLUSTER_KINDS } from "./cluster/cluster-kinds.ts";
import { differenceOf } from "./cluster/named-differences.ts";
import { type CaseResult, conformanceCases } from "./conformance-file.ts";

for (const [kind, runCases] of CLUSTER_KINDS) {
  const cases = await conformanceCases(kind);
  if (cases.length === 0) continue;
  describe(`conformance cases of kind ${kind}`, () => {
    let results: readonly CaseResult[] = [];
    before(async () => {
      results = await runCases(cases);
    });
    for (const [index, { name }] of cases.entries()) {
      const difference = differenceOf(kind, name);
      if (difference === undefined) {
        test(name, () => {
          const { passed, expected, got } = results[index] ?? { passed: false, expected: "a result", got: "none" };
          assert.ok(passed, `expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`);
        });
      } else {
        test(`${name}: differs, as the documentation says (${difference})`, () => {
          assert.equal(results[index]?.passed, false, "it passes: take it from the named differences");
        });
      }
    }
  });
}
