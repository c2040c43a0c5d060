import assert from "node:assert/strict";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { createTempFolder } from "../temp-folder.ts";
import { PULUMI_VERSION } from "../versions.ts";
import { PINNED_MODULES } from "./build-recipe.ts";
import { fromGoModules } from "./go-build.ts";
import { type ResolveOptions, resolveTool } from "./resolve-tool.ts";
import { createToolCache } from "./tool-cache.ts";
import { dropFlagName, returnRestoredName } from "./vault-sdk.ts";

/** A `go` on a PATH of its own, which is this shell script. */
async function withGo(t: TestContext, script: string): Promise<{ options: ResolveOptions; folder: string }> {
  const { path: folder, remove } = await createTempFolder();
  t.after(remove);
  await mkdir(join(folder, "bin"));
  await writeFile(join(folder, "bin", "go"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const options = {
    environment: { PATH: `${join(folder, "bin")}:/usr/bin:/bin` },
    cache: createToolCache(join(folder, "cache")),
    sources: [fromGoModules],
  };
  return { options, folder };
}

/** Writes what stands after `-o`. */
const BUILDS = `while [ "$1" != -o ]; do shift; done
[ -f go.mod ] || exit 9
printf '#!/bin/sh\\necho v${PULUMI_VERSION}\\n' > "$2" && chmod +x "$2"`;

test("a program is built from the module that lies in the repository, into the cache", async (t) => {
  const { options, folder } = await withGo(t, BUILDS);
  const lines: string[] = [];
  const tool = await resolveTool("pulumi", { ...options, onProgress: (line) => lines.push(line) });
  assert.ok(tool.path.startsWith(join(folder, "cache", "pulumi-")));
  assert.match(lines.join("\n"), /^building pulumi from Go modules: about \d+ min.*\nbuilt pulumi in 0s\npulumi 3/);
});

test("a build that fails shows what go wrote at last, and leaves nothing in the cache", async (t) => {
  const { options, folder } = await withGo(t, 'echo "undefined: foo" >&2; exit 1');
  await assert.rejects(resolveTool("pulumi", options), /building pulumi failed.*\n.*undefined: foo/);
  assert.deepEqual(await readdir(join(folder, "cache")), []);
});

test("a build that is given up ends go", async (t) => {
  const { options, folder } = await withGo(t, "exec sleep 60");
  const abort = new AbortController();
  const onProgress = () => abort.abort(new Error("given up"));
  await assert.rejects(resolveTool("pulumi", { ...options, onProgress, signal: abort.signal }), /given up/);
  assert.deepEqual(await readdir(join(folder, "cache")), []);
});

test("a program of another version than the pinned one is refused", async (t) => {
  const { options } = await withGo(t, BUILDS.replace(PULUMI_VERSION, "3.1.0"));
  await assert.rejects(resolveTool("pulumi", options), /is 3\.1\.0, and 3\.\d+\.\d+ is needed/);
});

test("without Go the remedy says where to get it", async () => {
  const options = { environment: { PATH: "" }, sources: [fromGoModules] };
  await assert.rejects(resolveTool("pulumi", options), /no go on PATH to build it with \(https:\/\/go\.dev\/dl\)/);
});

for (const [folder, modules] of Object.entries(PINNED_MODULES)) {
  for (const [path, version] of Object.entries(modules)) {
    test(`build/${folder}/go.mod requires ${path} at the pinned version`, async () => {
      const text = await readFile(new URL(`../build/${folder}/go.mod`, import.meta.url), "utf8");
      assert.ok(text.split("\n").some((line) => line.trim() === `${path} v${version}`));
    });
  }
}

test("the edits of Vault's SDK change two signatures and what is returned", () => {
  const callback = "\tActivationFunc func(context.Context, *logical.Request, string) error\n";
  assert.equal(dropFlagName(callback), "\tActivationFunc func(context.Context, *logical.Request) error\n");
  const restore = [
    "func (lm *LockManager) RestorePolicy(name string, force bool) error {",
    "\tif err != nil {\n\t\treturn err\n\t}",
    '\treturn fmt.Errorf("exists")',
    "\treturn nil\n}\n\nfunc other() error {\n\treturn nil\n}\n",
  ].join("\n");
  const edited = returnRestoredName(restore);
  assert.match(edited, /force bool\) \(string, error\) \{\n/);
  assert.match(edited, /return "", err\n.*\n.*return "", fmt\.Errorf\("exists"\)\n\treturn name, nil\n\}/);
  assert.match(edited, /other\(\) error \{\n\treturn nil\n/);
});

test("another SDK than the known one is not edited blindly", () => {
  assert.throws(() => dropFlagName("package framework\n"), /0 times, not once/);
  assert.throws(() => returnRestoredName("package keysutil\n"), /no RestorePolicy/);
});
