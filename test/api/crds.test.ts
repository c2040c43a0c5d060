/** The generated CRDs, as far as they can be judged without an API server. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { customResourceDefinitions } from "../../api/crd/definitions.ts";

const ROOT = join(import.meta.dirname, "../..");
const MAX_BYTES = 256 * 1024;

test("the files in crds/ are what the schemas give now", () => {
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, "scripts/generate.ts"), "--check"], {
    encoding: "utf8",
    timeout: 20_000,
  });
  assert.equal(stderr, "");
  assert.equal(status, 0);
});

for (const file of readdirSync(join(ROOT, "crds")).filter((name) => name.endsWith(".yaml"))) {
  test(`${file} is below 256 KiB, so that any client can apply it`, () => {
    assert.ok(readFileSync(join(ROOT, "crds", file)).byteLength < MAX_BYTES);
  });
}

for (const { metadata, spec } of customResourceDefinitions()) {
  test(`${metadata.name} serves v1 and v1beta1 with one schema, stores v1, and needs no conversion`, () => {
    assert.deepEqual(
      spec.versions.map(({ name, served, storage }) => ({ name, served, storage })),
      [
        { name: "v1", served: true, storage: true },
        { name: "v1beta1", served: true, storage: false },
      ],
    );
    assert.deepEqual(spec.conversion, { strategy: "None" });
    const [v1, v1beta1] = spec.versions.map(({ schema }) => withoutDescriptions(schema));
    assert.deepEqual(v1beta1, v1);
  });

  test(`${metadata.name} has a short name, the category and the status subresource`, () => {
    assert.equal(spec.names.shortNames.length, 1);
    assert.deepEqual(spec.names.categories, ["external-secrets"]);
    for (const version of spec.versions) assert.deepEqual(version.subresources, { status: {} });
  });
}

function withoutDescriptions(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema, (key, value) => (key === "description" ? undefined : value)));
}
