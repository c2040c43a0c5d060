/** Reading YAML: every expectation was recorded from sigs.k8s.io/yaml. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { goString } from "../../../engine/template/go-value.ts";
import { type JsonValue, readYaml, readYamlStrings, YamlError } from "../../../engine/yaml/index.ts";

function plain(value: JsonValue): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, plain(item)]));
  return typeof value === "bigint" && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

const read = (text: string): unknown => plain(readYaml(goString(text)));
const strings = (text: string): unknown => Object.fromEntries(readYamlStrings(goString(text)));

test("words of YAML 1.1 are booleans, null and numbers, also as keys", () => {
  assert.deepEqual(read("[y, Yes, on, NO, off, ~, null, NULL, '', \"no\", yEs]"), [
    ...[true, true, true, false, false, null, null, null, "", "no", "yEs"],
  ]);
  assert.deepEqual(read("y: 1\n1: 2\n1.50: 3\nnull_: 4\n<: 5"), { true: 1, 1: 2, 1.5: 3, null_: 4, "<": 5 });
});

test("integers have their prefixes, old octals, underscores and 64 bits", () => {
  assert.deepEqual(read("[0x1F, 0b101, 017, 0o17, 08, 1_000, +5, -0, 0b-1]"), [31, 5, 15, 15, 8, 1000, 5, 0, -1]);
  assert.deepEqual(read("[18446744073709551615, -9223372036854775808]"), [
    18446744073709551615n,
    -9223372036854775808n,
  ]);
  assert.deepEqual(read("[18446744073709551616, 1e3, .5, ._5, 1e400, 12:30]"), [
    ...[18446744073709552000, 1000, 0.5, "._5", "1e400", "12:30"],
  ]);
});

test("where strings are wanted, scalars become their text and floats those of 32 bits", () => {
  assert.deepEqual(strings("a: 1.50\nb: 0777\nc: y\nd:\ne: 3.14159265358979\nf: 2024-01-02\ng: .inf\nh: '1.50'"), {
    ...{ a: "1.5", b: "511", c: "true", d: "", e: "3.1415927", f: "2024-01-02", g: "+Inf", h: "1.50" },
  });
  assert.deepEqual(strings(""), {});
});

test("block scalars keep, fold and chomp lines", () => {
  assert.deepEqual(read("a: |\n  x\n   y\n\nb: >-\n  one\n  two\n\n  three\nc: |+\n  z\n\n"), {
    ...{ a: "x\n y\n", b: "one two\nthree", c: "z\n\n" },
  });
  assert.deepEqual(read('"a\\\n   b\\x41\\u00e9 c\n  d"'), "abAé c d");
});

test("aliases and merge keys are written out", () => {
  assert.deepEqual(read("base: &b {a: 1, c: 2}\nx:\n  <<: *b\n  c: 3\nlist: [*b, &s text, *s]"), {
    base: { a: 1, c: 2 },
    x: { a: 1, c: 3 },
    list: [{ a: 1, c: 2 }, "text", "text"],
  });
});

test("only the first document is read", () => {
  assert.deepEqual(read("---\na: 1\n---\n}{"), { a: 1 });
  assert.equal(read("# nothing\n"), null);
});

const ERRORS: readonly (readonly [text: string, message: string])[] = [
  ["a: b: c", "yaml: mapping values are not allowed in this context"],
  ["a: 1\nb", "yaml: line 3: could not find expected ':'"],
  ["a:\n\t- b", "yaml: line 2: found character that cannot start any token"],
  ["[a, b", "yaml: line 1: did not find expected ',' or ']'"],
  ["a: 'x", "yaml: found unexpected end of stream"],
  ["a: @x", "yaml: found character that cannot start any token"],
  ['"\\q"', "yaml: found unknown escape character"],
  ["a: !e!x y", "yaml: found undefined tag handle"],
  ["a: \x01", "yaml: control characters are not allowed"],
  ["? [a]\n: b", "yaml: invalid map key"],
  ["~: b", "unsupported map key: null"],
  ["a: .nan", "json: unsupported value: NaN"],
];

for (const [text, message] of ERRORS) {
  test(`${JSON.stringify(text)} is refused: ${message}`, () => {
    assert.throws(
      () => readYaml(goString(text)),
      (error) => error instanceof YamlError && error.message.endsWith(message),
    );
  });
}

test("bytes that are no UTF-8 are refused", () => {
  assert.throws(() => readYaml("a: \xff"), /invalid leading UTF-8 octet/);
  assert.throws(() => readYaml("a: \xc3("), /invalid trailing UTF-8 octet/);
});

test("messages never quote the document, which is made of secret values", () => {
  for (const text of ["a: *hunter2", "a: !!int hunter2", "{hunter2: *hunter2}", "- &hunter2 [*hunter2]"]) {
    assert.throws(
      () => readYaml(goString(text)),
      (error) => error instanceof YamlError && !error.message.includes("hunter2"),
    );
  }
});

test("documents that grow by aliases, or nest too deep, are refused", () => {
  const levels = Array.from({ length: 12 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array(10).fill(`*l${i}`).join(", ")}]`);
  assert.throws(() => readYaml(goString(`l0: &l0 x\n${levels.join("\n")}`)), /excessive aliasing|nodes/);
  assert.throws(() => readYaml("[".repeat(2000)), /exceeded max depth/);
  assert.throws(() => readYaml("- ".repeat(2000)), /exceeded max depth/);
});

test("a value where a collection stands is refused where strings are wanted", () => {
  assert.throws(() => strings("a: [1]"), /cannot unmarshal array into Go value of type string/);
  assert.throws(() => strings("text"), /cannot unmarshal string into Go value of type map\[string\]string/);
});
