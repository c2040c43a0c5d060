import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { docPages, withExamples } from "../scripts/doc-examples.ts";
import { projectFolder } from "../scripts/run-step.ts";

test("every example of the documentation is a file, as it is now", () => {
  for (const page of docPages()) {
    const { before, after } = withExamples(page);
    assert.equal(before, after, `${page}: run \`npm run generate\``);
  }
});

test("no page shows a program or a manifest that is no file", () => {
  for (const page of docPages()) {
    const text = readFileSync(join(projectFolder, page), "utf8");
    const blocks = [...text.matchAll(/(?:^|\n)([^\n]*)\n```(ts|yaml)\n/g)];
    for (const [, before = ""] of blocks) assert.match(before, /^<!-- file: \S+ -->$/, page);
  }
});

test("links between pages lead somewhere", () => {
  for (const page of docPages()) {
    // Patterns in code look like links.
    const text = readFileSync(join(projectFolder, page), "utf8").replaceAll(/`[^`\n]*`/g, "");
    for (const [, target = ""] of text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
      if (target.startsWith("https://")) continue;
      assert.ok(existsSync(join(projectFolder, dirname(page), target)), `${page} links to ${target}`);
    }
  }
});
