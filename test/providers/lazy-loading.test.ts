/** What the table of backends loads, and when. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { AvailableProvider } from "../../providers/index.ts";
import { providers } from "../../providers/index.ts";

const providersFolder = join(import.meta.dirname, "..", "..", "providers");
const projectFolder = join(providersFolder, "..");

/** In a process of its own, as what this one has loaded stays loaded. Prints a URL for each module, in two lists. */
const SCRIPT = `
import { registerHooks } from "node:module";
const loaded = [];
registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
const { openBackend } = await import(process.argv[1]);
const before = loaded.splice(0);
if (process.argv[2]) await openBackend(process.argv[2]);
console.log(JSON.stringify([before, loaded]));
`;

/** Paths in the project of the modules that the import loads, and of those that the first use of a backend adds. */
async function modulesOf(backend?: AvailableProvider): Promise<{ before: string[]; after: string[] }> {
  const table = join(providersFolder, "index.ts");
  const args = ["--input-type=module", "--eval", SCRIPT, table, ...(backend === undefined ? [] : [backend])];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 20_000 });
  const [before = [], after = []] = (JSON.parse(stdout) as string[][]).map((urls) =>
    urls
      .filter((url) => url.startsWith("file:"))
      .map((url) => relative(projectFolder, fileURLToPath(url)).split(sep).join("/")),
  );
  return { before, after };
}

const isSdk = (path: string) => /^node_modules\/(@aws-sdk|@smithy)\//.test(path);
const folders = readdirSync(providersFolder, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

describe("the table of backends", () => {
  it("loads no backend and no cloud's library before one is opened", async () => {
    const { before } = await modulesOf();
    assert.ok(before.includes("providers/index.ts"), "the hook sees modules");
    assert.ok(folders.includes("aws"));
    const early = before.filter((path) => isSdk(path) || folders.some((name) => path.startsWith(`providers/${name}/`)));
    assert.deepEqual(early, []);
  });

  it("loads the code of a backend when it is opened, and that of no other", async () => {
    const names = Object.keys(providers) as AvailableProvider[];
    const opened = await Promise.all(names.map(async (name) => ({ name, ...(await modulesOf(name)) })));
    for (const { name, before, after } of opened) {
      const isOf = (other: string) => (path: string) => path.startsWith(`providers/${other}/`);
      assert.ok(!before.some(isOf(name)) && after.some(isOf(name)), name);
      for (const other of names.filter((candidate) => candidate !== name)) {
        assert.deepEqual(after.filter(isOf(other)), [], `${name} loads ${other}`);
      }
      assert.deepEqual(after.filter(isSdk), [], `${name} loads a cloud's library before a store is opened`);
    }
  });
});
