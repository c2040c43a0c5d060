import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { bundleCli } from "../../scripts/bundle.ts";

describe("the bundle", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "image-bundle-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("is one file that runs alone, with CommonJS modules and modules loaded on first use inside", async () => {
    await writeFile(join(folder, "old.cjs"), `const { sep } = require("node:path"); module.exports = { sep };`);
    await writeFile(join(folder, "late.ts"), `export const late: string = "late";`);
    await writeFile(
      join(folder, "main.ts"),
      `#!/usr/bin/env node\nimport old from "./old.cjs"; const { late } = await import("./late.ts"); console.log(old.sep, late);`,
    );
    const out = join(folder, "out", "main.mjs");
    const { sizeBytes } = await bundleCli(out, join(folder, "main.ts"));
    assert.ok(sizeBytes > 0);
    assert.deepEqual(
      (await readdir(join(folder, "out"))).filter((name) => name.endsWith("js")),
      ["main.mjs"],
    );
    const { stdout } = await promisify(execFile)(process.execPath, [out], { timeout: 10_000 });
    assert.equal(stdout, "/ late\n");
  });

  it("holds ASCII alone, so that Node keeps its text in one byte for each character", async () => {
    const { file } = await bundleCli(join(folder, "external-secrets.mjs"));
    assert.doesNotMatch(await readFile(file, "latin1"), /[^\0-\x7f]/);
  });

  it("names the file of an import that is not there", async () => {
    const entry = join(folder, "broken.ts");
    await writeFile(entry, `import "./absent.ts";`);
    await assert.rejects(bundleCli(join(folder, "broken.mjs"), entry), /absent\.ts/);
  });
});
