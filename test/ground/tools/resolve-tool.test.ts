import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { createTempFolder } from "../temp-folder.ts";
import { KUBERNETES_VERSION, VAULT_VERSION } from "../versions.ts";
import { fromKubebuilderAssets, fromPath, fromVariable } from "./installed-tool.ts";
import { fromCache, resolveTool, ToolUnavailable } from "./resolve-tool.ts";
import { cacheEntry, createToolCache, toolCacheFolder } from "./tool-cache.ts";
import { fromToolFolder } from "./tool-folder.ts";

/** All but those that leave the machine. */
const sources = [fromVariable, fromKubebuilderAssets, fromPath, fromCache, fromToolFolder];

interface Place {
  readonly folder: string;
  /** Writes a tool that prints its version. */
  add(path: string, version: string): Promise<string>;
  /** The source by which a tool is found. */
  sourceOf(name: "vault" | "kube-apiserver", environment?: Record<string, string>): Promise<string>;
}

async function place(t: TestContext): Promise<Place> {
  const { path: folder, remove } = await createTempFolder();
  t.after(remove);
  const cache = createToolCache(join(folder, "cache"));
  return {
    folder,
    async add(path, version) {
      const full = join(folder, path);
      await mkdir(join(full, ".."), { recursive: true });
      await writeFile(full, `#!/bin/sh\necho "v${version}"\n`);
      await chmod(full, 0o755);
      return full;
    },
    async sourceOf(name, environment = {}) {
      return (await resolveTool(name, { environment, cache, sources })).source;
    },
  };
}

test("a tool on PATH is used when its version will do", async (t) => {
  const { folder, add, sourceOf } = await place(t);
  await add("bin/vault", "1.99.0");
  assert.match(await sourceOf("vault", { PATH: join(folder, "bin") }), /^PATH/);
});

test("an old tool on PATH gives way to the one in the cache", async (t) => {
  const { folder, add, sourceOf } = await place(t);
  await add("bin/vault", "1.2.3");
  await add(`cache/${cacheEntry("vault", VAULT_VERSION)}/vault`, VAULT_VERSION);
  assert.match(await sourceOf("vault", { PATH: join(folder, "bin") }), /^the cache/);
});

test("KUBEBUILDER_ASSETS comes before PATH", async (t) => {
  const { folder, add, sourceOf } = await place(t);
  await add("assets/kube-apiserver", KUBERNETES_VERSION);
  await add("bin/kube-apiserver", KUBERNETES_VERSION);
  const environment = { PATH: join(folder, "bin"), KUBEBUILDER_ASSETS: join(folder, "assets") };
  assert.match(await sourceOf("kube-apiserver", environment), /^KUBEBUILDER_ASSETS/);
});

test("a variable names a tool of any version, and comes first", async (t) => {
  const { folder, add, sourceOf } = await place(t);
  await add("bin/vault", VAULT_VERSION);
  const path = await add("own/vault", "0.0.1");
  assert.equal(await sourceOf("vault", { PATH: join(folder, "bin"), GROUND_TOOL_VAULT: path }), "GROUND_TOOL_VAULT");
});

test("a variable that names no executable is a mistake that is told", async (t) => {
  const { folder, sourceOf } = await place(t);
  const path = join(folder, "absent");
  await assert.rejects(sourceOf("vault", { GROUND_TOOL_VAULT: path }), /GROUND_TOOL_VAULT=.*correct or unset/);
});

test("a plain executable in GROUND_TOOLS is used where it is", async (t) => {
  const { folder, add, sourceOf } = await place(t);
  await add("tools/vault", VAULT_VERSION);
  assert.match(await sourceOf("vault", { GROUND_TOOLS: join(folder, "tools") }), /^GROUND_TOOLS/);
});

test("an archive in GROUND_TOOLS is unpacked into the cache once", async (t) => {
  const { folder, sourceOf } = await place(t);
  await packVault(join(folder, "tools"));
  const environment = { PATH: process.env.PATH ?? "", GROUND_TOOLS: join(folder, "tools") };
  assert.match(await sourceOf("vault", environment), /^GROUND_TOOLS/);
  assert.match(await sourceOf("vault"), /^the cache/);
  assert.deepEqual(await readdir(join(folder, "cache")), [cacheEntry("vault", VAULT_VERSION)]);
});

test("an archive whose checksum is another one is refused, and nothing stays in the cache", async (t) => {
  const { folder, sourceOf } = await place(t);
  await packVault(join(folder, "tools"), "0".repeat(64));
  await assert.rejects(sourceOf("vault", { GROUND_TOOLS: join(folder, "tools") }), /SHA-256 of .*vault\.xz is/);
  assert.deepEqual(await readdir(join(folder, "cache")), []);
});

test("a program called by many names is one file in the cache", async (t) => {
  const { folder, sourceOf } = await place(t);
  await mkdir(join(folder, "tools"));
  const program = `#!/bin/sh\ncase $0 in *etcd) echo 3.7.0 ;; *) echo "v${KUBERNETES_VERSION}" ;; esac\n`;
  await writeFile(join(folder, "tools", "kube"), program, { mode: 0o755 });
  assert.match(await sourceOf("kube-apiserver", { GROUND_TOOLS: join(folder, "tools") }), /^GROUND_TOOLS/);
  assert.match(await sourceOf("kube-apiserver"), /^the cache/);
});

test("a tool that is nowhere gives an error with each place and the remedy", async (t) => {
  const { folder } = await place(t);
  const options = { environment: {}, cache: createToolCache(join(folder, "cache")), sources };
  await assert.rejects(resolveTool("vault", options), (error) => {
    assert.ok(error instanceof ToolUnavailable);
    assert.match(error.message, /^vault 1\.\d+\.\d+ cannot be had: not on PATH; not in the cache/);
    assert.match(error.message, /GROUND_TOOL_VAULT.*GROUND_TOOLS$/);
    return true;
  });
});

test("the cache is where GROUND_CACHE says, else in XDG_CACHE_HOME", () => {
  assert.equal(toolCacheFolder({ GROUND_CACHE: "/a" }), "/a");
  assert.equal(toolCacheFolder({ XDG_CACHE_HOME: "/x" }), "/x/pulumi-external-secrets/tools");
  assert.match(toolCacheFolder({}), /\.cache\/pulumi-external-secrets\/tools$/);
});

/** A folder with `vault.xz`, which is a script that prints the pinned version, and its SHA256SUMS. */
async function packVault(folder: string, sha256?: string): Promise<void> {
  const archive = Buffer.from(PACKED_VAULT, "base64");
  await mkdir(folder);
  await writeFile(join(folder, "vault.xz"), archive);
  const sum = sha256 ?? createHash("sha256").update(archive).digest("hex");
  await writeFile(join(folder, "SHA256SUMS"), `${sum}  vault.xz\n`);
}

/** `printf '#!/bin/sh\necho "Vault v1.21.4"\n' | xz | base64` */
const PACKED_VAULT =
  "/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAeIyEvYmluL3NoCmVjaG8gIlZhdWx0IHYxLjIxLjQiCgAA9dRQGIA6SpEAATcf6hiJPR+2830BAAAAAARZWg==";
