/** Conformance kind `validation`: what admission refuses, and in which words. */
import { type UncheckedExternalSecret, validateExternalSecret } from "../../api/validate-external-secret.ts";
import { type UncheckedSecretStore, validateSecretStore } from "../../api/validate-secret-store.ts";
import type { Comparison, ConformanceCase } from "./conformance-file.ts";

/** `expectErr` is the whole text for an ExternalSecret, a part of it for a store, and null for what is accepted. */
export function runValidationCase({ kind, object, expectErr }: ConformanceCase): Comparison {
  const errors = validate(String(kind), object);
  const got = errors.length === 0 ? null : errors.join("\n");
  const isPartOk = kind !== "ExternalSecret" && typeof expectErr === "string" && got !== null;
  return { passed: isPartOk ? got.includes(expectErr) : got === expectErr, expected: expectErr, got };
}

/** The cases are data of unknown shape: missing parts are what is tested. */
function validate(kind: string, object: unknown): readonly string[] {
  switch (kind) {
    case "ExternalSecret":
      return validateExternalSecret(object as UncheckedExternalSecret);
    case "SecretStore":
    case "ClusterSecretStore":
      return validateSecretStore(object as UncheckedSecretStore);
    default:
      throw new Error(`validation of ${kind} is not supported`);
  }
}
