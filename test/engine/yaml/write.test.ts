/** Writing YAML: every expectation was recorded from sigs.k8s.io/yaml. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type JsonValue, writeYaml } from "../../../engine/yaml/index.ts";

const map = (entries: Readonly<Record<string, JsonValue>>): JsonValue => new Map(Object.entries(entries));

test("collections are blocks, sequences stand at the indentation of their key, empty ones are flow", () => {
  const value = map({ b: [1n, ["x", map({ k: true })]], a: map({}), c: [], d: null, e: map({ f: [map({ g: 1.5 })] }) });
  assert.equal(writeYaml(value), "a: {}\nb:\n- 1\n- - x\n  - k: true\nc: []\nd: null\ne:\n  f:\n  - g: 1.5\n");
});

test("keys stand in the order in which people count", () => {
  assert.equal(writeYaml(map({ a10: 1n, a2: 1n, B: 1n, _: 1n, "1": 1n })), '_: 1\n"1": 1\nB: 1\na2: 1\na10: 1\n');
});

test("texts that would read as something else are quoted", () => {
  const texts = [
    "y",
    "1.5",
    "",
    "2024-01-02",
    "12:30:45",
    "a: b",
    "- a",
    "#x",
    "a #b",
    " a",
    "it's",
    "@x",
    "<<",
    "=",
    "a:b",
  ];
  assert.equal(
    writeYaml([...texts]),
    "- \"y\"\n- \"1.5\"\n- \"\"\n- \"2024-01-02\"\n- \"12:30:45\"\n- 'a: b'\n- '- a'\n- '#x'\n- 'a #b'\n- ' a'\n- it's\n- '@x'\n- <<\n- =\n- a:b\n",
  );
});

test("texts of several lines are literal blocks where that keeps them", () => {
  assert.equal(
    writeYaml(map({ a: "x\ny", b: "x\n", c: "\n x\n\n", d: "x \ny", e: "tab\t\n" })),
    'a: |-\n  x\n  y\nb: |\n  x\nc: |2+\n\n   x\n\nd: "x \\ny"\ne: "tab\\t\\n"\n',
  );
});

test("what is not printed is escaped", () => {
  assert.equal(writeYaml(["\u0007😀\u0085é", "\ufeffab"]), '- "\\a\\U0001F600\\Né"\n- "\\uFEFF\\x61\\x62"\n');
});

test("long texts are broken at single spaces behind column 80", () => {
  const words = Array.from({ length: 20 }, (_, i) => `word${i}`).join(" ");
  assert.equal(
    writeYaml(map({ a: words, b: `#${words}`, c: `\t${words}` })),
    [
      "a: word0 word1 word2 word3 word4 word5 word6 word7 word8 word9 word10 word11 word12",
      "  word13 word14 word15 word16 word17 word18 word19",
      "b: '#word0 word1 word2 word3 word4 word5 word6 word7 word8 word9 word10 word11 word12",
      "  word13 word14 word15 word16 word17 word18 word19'",
      'c: "\\tword0 word1 word2 word3 word4 word5 word6 word7 word8 word9 word10 word11 word12',
      '  word13 word14 word15 word16 word17 word18 word19"',
      "",
    ].join("\n"),
  );
});

test("keys of several lines or more than 128 bytes are written with a question mark", () => {
  const long = "k".repeat(129);
  assert.equal(writeYaml(map({ [long]: 1n, "a\nb": "c" })), `? |-\n  a\n  b\n: c\n? ${long}\n: 1\n`);
});
