import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What sync takes of the controller: how it reaches a cluster and a store, and nothing that reconciles. See docs/decisions/sync.md. */
const FOR_SYNC = [
  "controller/kube",
  "controller/store-clients",
  "controller/core-resources.ts",
  "controller/cache/secret-record.ts",
  "controller/cache/store-key.ts",
  "controller/secret-store/namespace-conditions.ts",
  "controller/external-secret/template-sources.ts",
];

/** The table of the design: what each folder may import of ours, itself aside. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  api: [],
  providers: ["api"],
  engine: ["api", "providers"],
  controller: ["api", "providers", "engine"],
  sync: ["api", "providers", "engine", ...FOR_SYNC],
  components: ["api", "sync"],
  cli: ["controller", "engine", "api", "package.json"],
};

/** Packages that only some folders may load. */
const packageArrows: readonly [prefix: string, folders: readonly string[]][] = [
  ["@pulumi/", ["components", "sync"]],
  ["@aws-sdk/", ["providers"]],
];

/** Static and dynamic imports, and re-exports. */
const IMPORT = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)["']([^"']+)["']/g;

function* imports(): Generator<{ file: string; folder: string; specifier: string; target: string }> {
  for (const folder of Object.keys(arrows)) {
    for (const file of globSync(`${folder}/**/*.ts`, { cwd: root })) {
      for (const [, specifier = ""] of readFileSync(join(root, file), "utf8").matchAll(IMPORT)) {
        const target = specifier.startsWith(".") ? relative(root, join(root, dirname(file), specifier)) : specifier;
        yield { file, folder, specifier, target };
      }
    }
  }
}

test("each folder imports only what the design's table allows", () => {
  const wrong = [...imports()].filter(({ folder, specifier, target }) => {
    const allowed = [folder, ...(arrows[folder] ?? [])];
    return specifier.startsWith(".") && !allowed.some((path) => target === path || target.startsWith(`${path}/`));
  });
  assert.deepEqual(
    wrong.map(({ file, specifier }) => `${file} imports ${specifier}`),
    [],
  );
});

test("cloud and Pulumi packages are loaded only where the design allows", () => {
  const wrong = [...imports()].filter(({ folder, target }) =>
    packageArrows.some(([prefix, folders]) => target.startsWith(prefix) && !folders.includes(folder)),
  );
  assert.deepEqual(
    wrong.map(({ file, specifier }) => `${file} imports ${specifier}`),
    [],
  );
});

test("relative imports name their file with its extension", () => {
  const wrong = [...imports()].filter(({ specifier }) => specifier.startsWith(".") && !/\.(ts|json)$/.test(specifier));
  assert.deepEqual(
    wrong.map(({ file, specifier }) => `${file} imports ${specifier}`),
    [],
  );
});

/** Executables beside the command line: they hand their process in. */
const ENTRY_POINTS = ["components/provider/main.ts", "sync/provider/main.ts"];

test("the environment is read in cli/ and in entry points of executables only", () => {
  const readers = Object.keys(arrows)
    .filter((folder) => folder !== "cli")
    .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root }))
    .filter((file) => !ENTRY_POINTS.includes(file))
    .filter((file) => /\bprocess\.env\b/.test(readFileSync(join(root, file), "utf8")));
  assert.deepEqual(readers, []);
});

test("source files stay within 250 lines, unless they are generated", () => {
  const long = [...Object.keys(arrows), "scripts", "test"]
    .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root }))
    .filter((file) => !file.endsWith(".generated.ts"))
    .map((file) => ({ file, lines: readFileSync(join(root, file), "utf8").split("\n").length - 1 }))
    .filter(({ lines }) => lines > 250);
  assert.deepEqual(long, []);
});
