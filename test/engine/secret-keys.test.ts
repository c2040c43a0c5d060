import assert from "node:assert/strict";
import { test } from "node:test";
import { convertKeys, validateKeys, withoutEmptyKey } from "../../engine/secret-keys.ts";
import { SecretMap } from "../../providers/secret-map.ts";

const mapOf = (...keys: string[]) => new SecretMap(keys.map((key) => [key, Buffer.from("v")]));
const converted = (key: string, strategy: string | undefined) => [...convertKeys(mapOf(key), strategy).keys()][0];

test("Default turns every character but letters, numbers, dot, dash and underscore into an underscore", () => {
  assert.equal(converted("/foo$bar.a-b_c", undefined), "_foo_bar.a-b_c");
  assert.equal(converted("äöü-Ж٣", "Default"), "äöü-Ж٣");
});

test("Unicode writes the code point with at least four hex digits", () => {
  assert.equal(converted("a b/€😀", "Unicode"), "a_U0020_b_U002f__U20ac__U1f600_");
});

test("an unknown strategy changes nothing", () => {
  assert.equal(converted("a/b", "None"), "a/b");
});

test("two keys that become one are refused by name", () => {
  assert.throws(() => convertKeys(mapOf("a$b", "a%b"), "Default"), /secret name collision during conversion: a_b/);
});

test("a key with an invalid character or of more than 253 bytes is refused", () => {
  assert.throws(() => validateKeys(mapOf("a/b")), /key has invalid character \/, only alphanumeric/);
  assert.throws(() => validateKeys(mapOf("a".repeat(254))), /key has length 254 but max is 253/);
  validateKeys(mapOf("A.b-c_1", "a".repeat(253)));
});

test("the empty key is dropped", () => {
  assert.deepEqual([...withoutEmptyKey(mapOf("", "a")).keys()], ["a"]);
});
