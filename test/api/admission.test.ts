/** The validators without a server decide as the API server does. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { externalSecretSpecSchema } from "../../api/external-secret.ts";
import { secretStoreSpecSchema } from "../../api/secret-store.ts";
import { validateExternalSecret } from "../../api/validate-external-secret.ts";
import { validateSecretStore } from "../../api/validate-secret-store.ts";
import { ADMISSION_CASES, type AdmissionCase } from "./admission-cases.ts";

/** What the validators say of a manifest with its defaults put in and its unknown fields dropped. */
function errorsOf({ kind, spec }: AdmissionCase): readonly string[] {
  if (kind === "ExternalSecret") {
    return validateExternalSecret(spec === undefined ? {} : { spec: externalSecretSpecSchema.parse(spec) });
  }
  return validateSecretStore(spec === undefined ? {} : { spec: secretStoreSpecSchema.parse(spec) });
}

for (const each of ADMISSION_CASES) {
  test(`${each.kind} with ${each.name} is ${each.refusals.length > 0 ? "refused" : "taken"} without a server, too`, () => {
    assert.equal(errorsOf(each).length > 0, each.refusals.length > 0, errorsOf(each).join("\n"));
  });
}
