/** The page for users and the list for tests say the same. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { NAMED_DIFFERENCES } from "./cluster/named-differences.ts";
import { conformanceCases } from "./conformance-file.ts";

const wholePage = await readFile(join(import.meta.dirname, "../../docs/compatibility.md"), "utf8");
/** The part that the cases show. */
const page = wholePage.split(/^(?=## )/m).find((section) => section.startsWith("## Differences\n")) ?? "";

test("docs/compatibility.md has a section with a reason for each named difference, and for nothing else", () => {
  const headings = [...page.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading);
  assert.deepEqual(
    headings,
    NAMED_DIFFERENCES.map(({ title }) => title),
  );
});

test("each section of docs/compatibility.md lists the cases that show the difference, and no others", () => {
  const sections = page.split(/^### /m).slice(1);
  const listed = sections.map((section) =>
    [...section.matchAll(/^- `(.*)`: (.*)$/gm)].map(([, kind, name]) => [kind, name]),
  );
  const wanted = NAMED_DIFFERENCES.map(({ cases }) =>
    Object.entries(cases).flatMap(([kind, names]) => names.map((name) => [kind, name])),
  );
  assert.deepEqual(listed, wanted);
});

for (const kind of new Set(NAMED_DIFFERENCES.flatMap(({ cases }) => Object.keys(cases)))) {
  const cases = await conformanceCases(kind);
  if (cases.length === 0) continue;
  test(`each named difference of kind ${kind} is about a case that there is`, () => {
    const known = new Set(cases.map(({ name }) => name));
    const named = NAMED_DIFFERENCES.flatMap((difference) => difference.cases[kind] ?? []);
    assert.deepEqual(
      named.filter((name) => !known.has(name)),
      [],
    );
  });
}
