import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { installCrds } from "../../components/crd-installation.ts";
import { type RecordedResources, recordResources, settled } from "./recorded-resources.ts";

let resources: RecordedResources;
before(async () => {
  resources = await recordResources();
});
beforeEach(() => resources.clear());

const PERMIT = "external-secrets.io/deletion-allowed";

async function installed(crds: Parameters<typeof installCrds>[1]["crds"]): Promise<readonly string[]> {
  const made = installCrds("eso", crds === undefined ? {} : { crds }, {});
  await Promise.all(made.map((resource) => settled(resource.urn)));
  return resources.all.map(({ type }) => type.split(":").at(-1) ?? "");
}

function permits(): ReadonlySet<string> {
  const crds = resources.all.filter(({ type }) => type.includes(":CustomResourceDefinition"));
  return new Set(crds.map(({ inputs }) => inputs.metadata.annotations[PERMIT]));
}

test("by default the CRDs are adopted and protected", async () => {
  const types = await installed(undefined);
  assert.deepEqual([...new Set(types)].sort(), [
    "CustomResourceDefinitionPatch",
    "ValidatingAdmissionPolicyBindingPatch",
    "ValidatingAdmissionPolicyPatch",
  ]);
  assert.deepEqual([...permits()], ["false"]);
});

test("without protection they may be deleted", async () => {
  assert.deepEqual([...new Set(await installed({ protect: false }))], ["CustomResourceDefinitionPatch"]);
  assert.deepEqual([...permits()], ["true"]);
});

test("CRDs that go with the stack are its own, and may be deleted", async () => {
  assert.deepEqual([...new Set(await installed({ deleteOnDestroy: true }))], ["CustomResourceDefinition"]);
  assert.deepEqual([...permits()], ["true"]);
});

test("none are installed where something else does it", async () => {
  assert.deepEqual(await installed({ create: false }), []);
});

test("protected CRDs cannot go with the stack", () => {
  assert.throws(
    () => installCrds("eso", { crds: { deleteOnDestroy: true, protect: true } }, {}),
    /crds\.protect and crds\.deleteOnDestroy exclude each other/,
  );
});
