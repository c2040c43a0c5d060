/** `dataFrom[].rewrite`: regexp, transform, merge; expectations were recorded from ESO's code. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Rewrite } from "../../api/external-secret.ts";
import { rewriteKeys } from "../../engine/rewrite/index.ts";
import { InvalidConfiguration } from "../../providers/errors.ts";
import { SecretMap } from "../../providers/secret-map.ts";
import { templateEngine } from "./template-engine-fixture.ts";

type Texts = Readonly<Record<string, string>>;

function rewritten(operations: readonly Rewrite[], data: Texts): Texts {
  const values = new SecretMap(Object.entries(data).map(([key, value]) => [key, Buffer.from(value)]));
  const result = rewriteKeys(operations, values, templateEngine());
  return Object.fromEntries([...result].map(([key, value]) => [key, Buffer.from(value).toString()]));
}

const fails = (operations: readonly Rewrite[], data: Texts, message: RegExp) =>
  assert.throws(
    () => rewritten(operations, data),
    (error) => error instanceof InvalidConfiguration && message.test(error.message),
  );

test("a regexp replaces every match, with groups by number and name as Go expands them", () => {
  const regexp = (source: string, target: string): Rewrite => ({ regexp: { source, target } });
  assert.deepEqual(rewritten([regexp("/", "_")], { "/a/b": "1" }), { _a_b: "1" });
  assert.deepEqual(rewritten([regexp("(.*)-(.*)", "$1x$2")], { "foo-bar": "1" }), { bar: "1" });
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Go's
  assert.deepEqual(rewritten([regexp("(?P<a>.*)-(.*)", "${2}_$a$$")], { "foo-bar": "1" }), { bar_foo$: "1" });
  assert.deepEqual(rewritten([regexp("b*", "-")], { abc: "1", é: "2" }), { "-a-c-": "1", "-é-": "2" });
});

test("where two keys become one, the later in the alphabet wins, whatever the order was", () => {
  const operations: Rewrite[] = [{ regexp: { source: ".*", target: "x" } }];
  assert.deepEqual(rewritten(operations, { b: "b", a: "a" }), { x: "b" });
  assert.deepEqual(rewritten(operations, { a: "a", b: "b" }), { x: "b" });
});

test("an expression that does not compile is quoted, for it stands in the ExternalSecret", () => {
  const operations: Rewrite[] = [
    { regexp: { source: "a", target: "b" } },
    { regexp: { source: "a(?=b)", target: "" } },
  ];
  fails(
    operations,
    { a: "" },
    /^failed rewrite operation\[1\]: regexp failed with failed to compile: error parsing regexp: invalid or unsupported Perl syntax: `\(\?=`$/,
  );
});

test("a transform makes each key from the old one; a missing field is no error", () => {
  const transform = (template: string): Rewrite => ({ transform: { template } });
  assert.deepEqual(rewritten([transform('{{ .value | upper | replace "-" "_" }}')], { "a-b": "1" }), { A_B: "1" });
  assert.deepEqual(rewritten([transform("{{ .value }}{{ .nope }}")], { a: "1" }), { "a<no value>": "1" });
  fails(
    [transform("{{ .value")],
    {},
    /transform failed with failed to parse template: template: transform:1: unclosed/,
  );
  fails(
    [transform('{{ fail "no" }}')],
    { a: "" },
    /transform failed with failed to execute template for key "a": .*no/,
  );
});

test("a merge makes keys of all fields, with numbers plain and collections as JSON", () => {
  const one = '{"n":1e3,"f":1.50,"big":12345678901234567890,"t":true,"z":null,"o":{"b":1,"a":"<"},"s":"<a&b>"}';
  assert.deepEqual(rewritten([{ merge: {} }], { one, two: "null" }), {
    ...{ n: "1000", f: "1.5", big: "12345678901234567000", t: "true", z: "", o: '{"a":"\\u003c","b":1}', s: "<a&b>" },
  });
});

test("a merge into one key keeps the others, and escapes nothing", () => {
  const merge = { strategy: "JSON", into: "all" } as const;
  assert.deepEqual(rewritten([{ merge }], { one: '{"b":"<","a":1}' }), {
    one: '{"b":"<","a":1}',
    all: '{"a":1,"b":"<"}',
  });
  fails([{ merge: { strategy: "JSON" } }], { one: "{}" }, /merge failed with missing 'into' field/);
});

test("a conflict is refused, or won by the alphabet, or by the last of the priorities", () => {
  const data = { a: '{"k":"a","x":1}', b: '{"k":"b","x":2}', c: '{"k":"c"}' };
  fails([{ merge: {} }], data, /merge failed with conflicts: k, x, k$/);
  const merge = { conflictPolicy: "Ignore" } as const;
  assert.equal(rewritten([{ merge }], data).k, "c");
  assert.equal(rewritten([{ merge: { ...merge, priority: ["b", "a"] } }], data).k, "a");
});

test("a priority that is not there is refused, or ignored", () => {
  fails([{ merge: { priority: ["zzz"] } }], { a: "{}" }, /merge failed with key "zzz" not found in input map/);
  const merge = { priority: ["zzz"], priorityPolicy: "IgnoreNotFound" } as const;
  assert.deepEqual(rewritten([{ merge }], { a: '{"b":"1"}' }), { b: "1" });
});

test("a value that is no JSON object is told without the value", () => {
  fails([{ merge: {} }], { a: '{"a":"canary"' }, /failed to unmarshal JSON: unexpected end of JSON input$/);
  fails(
    [{ merge: {} }],
    { a: '["canary"]' },
    /cannot unmarshal array into Go value of type map\[string\]interface \{\}$/,
  );
  fails([{ merge: {} }], { a: "canary" }, /^(?!.*canary)/);
});
