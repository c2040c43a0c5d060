/** The conformance cases in the folder that CONFORMANCE_DIR names; without it there are none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "./adapter.ts";
import { conformanceCases } from "./conformance-file.ts";
import { CONFORMANCE_KINDS } from "./kinds.ts";

for (const kind of CONFORMANCE_KINDS.keys()) {
  for (const each of await conformanceCases(kind)) {
    test(`${kind}: ${each.name}`, async () => {
      const { passed, expected, got } = await run(kind, each);
      if (!passed) assert.deepEqual(got, expected);
      assert.ok(passed);
    });
  }
}
