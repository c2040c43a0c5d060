/** Names on objects of the cluster, which must be ESO's to the letter. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createdByOf, fieldManagerOf } from "../../api/labels.ts";

test("the field manager of a short name is written in full, up to 63 characters", () => {
  assert.equal(fieldManagerOf("db"), "externalsecrets.external-secrets.io/db");
  const longest = "a".repeat(27);
  assert.equal(fieldManagerOf(longest), `externalsecrets.external-secrets.io/${longest}`);
  assert.equal(fieldManagerOf(longest).length, 63);
});

test("the field manager of a longer name has the name's sha3-224 in its place", () => {
  assert.equal(
    fieldManagerOf("a".repeat(28)),
    "externalsecrets.external-secrets.io/sha3/52a6f48b37cd3535ef771a530c08d9cc4b78350ccdd33f2405e22ebb",
  );
});

test("the created-by label is the sha3-224 of namespace and name, which fits a label", () => {
  assert.equal(createdByOf("default", "db"), "2f9a66a8dc56ede26cf54ed3ebac6898cbf2b8da9d25db95c1eb183b");
  assert.ok(createdByOf("n".repeat(63), "x".repeat(253)).length <= 63);
});
