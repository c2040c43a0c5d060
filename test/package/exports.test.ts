import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { packageEntries } from "../../scripts/package-entries.ts";
import { projectFolder } from "../../scripts/run-step.ts";

interface Manifest {
  readonly types: string;
  readonly typesVersions: { readonly "*": Readonly<Record<string, readonly string[]>> };
}

const manifest: Manifest = JSON.parse(readFileSync(join(projectFolder, "package.json"), "utf8"));

const entries = packageEntries();

/** What each entry of `exports` looks like: types for CommonJS and for ES modules, one module for both. */
function entryOf(source: string): object {
  return {
    require: { types: `./dist/commonjs/${source}.d.ts`, default: `./dist/${source}.js` },
    types: `./dist/${source}.d.ts`,
    default: `./dist/${source}.js`,
  };
}

test("each subpath of the package has a source, and types for CommonJS and for ES modules", () => {
  for (const { subpath, target, source } of entries) {
    assert.ok(existsSync(join(projectFolder, `${source}.ts`)), `${subpath}: there is no ${source}.ts`);
    assert.deepEqual(target, entryOf(source), subpath);
  }
});

test("each subpath has its types for moduleResolution node, too, which does not read exports", () => {
  const expected = entries
    .filter(({ subpath }) => subpath !== ".")
    .map(({ subpath, source }) => [subpath.slice("./".length), [`./dist/${source}.d.ts`]]);
  assert.deepEqual(manifest.typesVersions["*"], Object.fromEntries(expected));
  assert.equal(manifest.types, "./dist/components/index.d.ts");
});

test("each folder of components that has an index is a subpath", () => {
  const sources = globSync("components/*/index.ts", { cwd: projectFolder }).map((file) => file.replace(/\.ts$/, ""));
  const exported = entries.map(({ source }) => source);
  assert.deepEqual(
    sources.filter((source) => !exported.includes(source)),
    [],
  );
});
