/** The texts that others read: the dynamic form's shim, and the schema of the executable form. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { PROVIDER_SHIM } from "../../sync/dynamic/shim.ts";
import { hasUnknown, plain, secret, UNKNOWN, withFields } from "../../sync/property-values.ts";
import { providerSchema } from "../../sync/provider/schema.ts";

test("the text that a dynamic resource keeps in the state is short, and names no version", () => {
  assert.ok(PROVIDER_SHIM.length < 200, `${PROVIDER_SHIM.length} characters`);
  assert.ok(!/\d/.test(PROVIDER_SHIM));
});

/** All `$ref`s at any depth. */
function* refsOf(node: unknown): Generator<string> {
  if (typeof node !== "object" || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === "$ref" && typeof value === "string") yield value;
    else yield* refsOf(value);
  }
}

test("every type that the schema refers to is in it", () => {
  const schema = providerSchema("1.2.3");
  const types = Object.keys(schema.types ?? {}).map((token) => `#/types/${token}`);
  const refs = [...refsOf(schema)].filter((ref) => ref !== "pulumi.json#/Any");
  assert.ok(refs.length > 100);
  assert.deepEqual(
    refs.filter((ref) => !types.includes(ref)),
    [],
  );
});

/** Names of all properties that are marked as secrets, at any depth. */
function* secretsOf(node: unknown): Generator<string> {
  if (typeof node !== "object" || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (typeof value === "object" && value !== null && "secret" in value && value.secret === true) yield key;
    yield* secretsOf(value);
  }
}

test("credentials, the kubeconfig, the key of the hashes and values are secrets in the schema", () => {
  const names = new Set(secretsOf(providerSchema("1.2.3")));
  assert.deepEqual([...names].sort(), ["credentials", "hashKey", "kubeconfig", "value"]);
});

test("marks of the engine are taken off and put on at any depth", () => {
  const marked = { a: [secret("x")], b: secret({ c: UNKNOWN }) };
  assert.deepEqual(plain(marked), { a: ["x"], b: { c: UNKNOWN } });
  assert.equal(hasUnknown(marked), true);
  assert.deepEqual(plain(withFields(secret({ name: "a" }), { namespace: "b" })), { name: "a", namespace: "b" });
  const output = { "4dabf18193072939515e22adb298388d": "d0e6a833031e9bbcd3f4e8bde6ca49a4" };
  assert.deepEqual([plain(output), plain({ ...output, value: "x" })], [UNKNOWN, "x"]);
});
