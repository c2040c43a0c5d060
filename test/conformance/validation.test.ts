/** The validators against the conformance cases in the folder that CONFORMANCE_DIR names; without it there are none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { conformanceCases } from "./conformance-file.ts";
import { runValidationCase } from "./validation-cases.ts";

for (const each of await conformanceCases("validation")) {
  test(`validation: ${each.name}`, () => {
    const { passed, expected, got } = runValidationCase(each);
    assert.ok(passed, `expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`);
  });
}
