import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { bundleCli, filesIn, partsFolder } from "../../scripts/bundle.ts";

describe("the bundle", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "image-bundle-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** Bundles the command line; gives its files by their path. */
  async function contents(name: string): Promise<Map<string, string>> {
    const { file } = await bundleCli(join(folder, name, "external-secrets.mjs"));
    const files = [file, ...(await filesIn(partsFolder(file)))];
    const read = files.map(async (each): Promise<[string, string]> => {
      return [relative(dirname(file), each), await readFile(each, "latin1")];
    });
    return new Map(await Promise.all(read));
  }

  it("holds CommonJS modules, and modules loaded on first use in parts beside it", async () => {
    await writeFile(join(folder, "old.cjs"), `const { sep } = require("node:path"); module.exports = { sep };`);
    await writeFile(join(folder, "late.ts"), `export const late: string = "late";`);
    await writeFile(
      join(folder, "main.ts"),
      `#!/usr/bin/env node\nimport old from "./old.cjs"; const { late } = await import("./late.ts"); console.log(old.sep, late);`,
    );
    const out = join(folder, "out", "main.mjs");
    const { sizeBytes } = await bundleCli(out, join(folder, "main.ts"));
    assert.ok(sizeBytes > 0);
    assert.deepEqual((await readdir(join(folder, "out"))).sort(), ["main-parts", "main.mjs"]);
    assert.doesNotMatch(await readFile(out, "utf8"), /"late"/);
    assert.match((await readdir(join(folder, "out", "main-parts"))).join(), /\blate-\w+\.mjs/);
    const { stdout } = await promisify(execFile)(process.execPath, [out], { timeout: 10_000 });
    assert.equal(stdout, "/ late\n");
  });

  it("holds ASCII alone, so that Node keeps its text in one byte for each character", async () => {
    for (const [, bytes] of await contents("ascii")) assert.doesNotMatch(bytes, /[^\0-\x7f]/);
  });

  it("has the same bytes when it is built again, elsewhere, over an older one", async () => {
    const first = await contents("first");
    await writeFile(join(folder, "first", "external-secrets-parts", "older.mjs"), "");
    assert.deepEqual(await contents("first"), first);
    assert.deepEqual(await contents("second"), first);
  });

  it("loads the library of a backend with the backend alone", async () => {
    const first = (await contents("libraries")).get("external-secrets.mjs") ?? "";
    assert.ok(first.length < 600_000, `${first.length} bytes are read at each start`);
    assert.doesNotMatch(first, /SecretsManagerClient|vaultcore/);
  });

  it("names the file of an import that is not there", async () => {
    const entry = join(folder, "broken.ts");
    await writeFile(entry, `import "./absent.ts";`);
    await assert.rejects(bundleCli(join(folder, "broken.mjs"), entry), /absent\.ts/);
  });
});
