import assert from "node:assert/strict";
import { test } from "node:test";
import { createdByOf } from "../../api/labels.ts";
import { dataHash, syncedResourceVersion } from "../../engine/hashes.ts";

test("the data hash is ESO's, whatever the order of the keys", () => {
  const expected = "1bed8bcbcb4547ffe19a19cd47d9078e84aa6598266d86b99f992d64";
  const foo = Buffer.from("value1");
  const bar = Buffer.from("value2");
  assert.equal(
    dataHash(
      new Map([
        ["foo", foo],
        ["bar", bar],
      ]),
    ),
    expected,
  );
  assert.equal(
    dataHash(
      new Map([
        ["bar", bar],
        ["foo", foo],
      ]),
    ),
    expected,
  );
  assert.equal(dataHash(new Map()), "74a974446e359fb3e6baff9bd0058950e6edd0f040888d9989b0a11b");
});

test("keys beyond the basic plane are sorted by their bytes, as Go sorts them", () => {
  const one = Buffer.from("1");
  assert.equal(
    dataHash(
      new Map([
        ["\u{1f600}", one],
        ["\uff5e", one],
      ]),
    ),
    dataHash(
      new Map([
        ["\uff5e", one],
        ["\u{1f600}", one],
      ]),
    ),
  );
});

test("the synced version moves with generation, labels and annotations", () => {
  const version = syncedResourceVersion({ generation: 3, labels: { foo: "bar" }, annotations: { b: "2", a: "1 2" } });
  assert.equal(version, "3-68d8b7d372879f4a73c46b066ad9f5fb7630d4a6da81326cb01dab37");
  assert.equal(syncedResourceVersion({ generation: 1 }), "1-f47fe3c0b255b6dd8047cdffa772587bb829efe7a1cb70febeda2eb2");
});

test("the owner's label fits into a label value and differs between namespaces", () => {
  assert.match(createdByOf("a", "b"), /^[0-9a-f]{56}$/);
  assert.notEqual(createdByOf("a", "b"), createdByOf("b", "b"));
});
