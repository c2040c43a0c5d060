/** The service accounts that a store logs in as, found in its spec before anything in it is known. */
import { all, type Input, Output, output, unsecret } from "@pulumi/pulumi";

/** Fields whose value is a reference to a service account. */
const REFERENCES = new Set(["serviceAccountRef", "serviceAccount"]);

/** Fields on the way to such a reference: an Output in the place of one of them may hide it. */
const ON_THE_WAY = new Set([
  ...["provider", "aws", "azurekv", "gcpsm", "vault", "kubernetes", "auth", "jwt", "iam", "gcp"],
  ...["kubernetesServiceAccountToken", "workloadIdentity", "workloadIdentityFederation"],
]);

/**
 * The distinct names, sorted; undefined where the spec has no such reference and can hide none. The names are no secrets, even where
 * something else in the spec is.
 * @param spec as a user writes it, with inputs at every depth.
 */
export function declaredServiceAccounts(spec: unknown): Output<readonly string[]> | undefined {
  const found = [...referencesIn(spec)];
  if (found.length === 0) return undefined;
  return all(found.map(namesOf)).apply((names) => [...new Set(names.flat())].toSorted());
}

interface FoundReference {
  readonly kind: "reference" | "hidden";
  readonly value: unknown;
}

function* referencesIn(value: unknown): Generator<FoundReference> {
  if (isOpaque(value)) yield { kind: "hidden", value };
  else if (isObject(value)) {
    for (const [field, part] of Object.entries(value)) {
      if (REFERENCES.has(field)) yield { kind: "reference", value: part };
      else if (ON_THE_WAY.has(field)) yield* referencesIn(part);
    }
  }
}

function namesOf({ kind, value }: FoundReference): Output<readonly string[]> {
  return unsecret(output(value as Input<unknown>)).apply((plain) =>
    kind === "reference" ? nameOf(plain) : [...referencesIn(plain)].flatMap((found) => nameOf(found.value)),
  );
}

function nameOf(reference: unknown): readonly string[] {
  return isObject(reference) && "name" in reference && typeof reference.name === "string" ? [reference.name] : [];
}

function isOpaque(value: unknown): boolean {
  return Output.isInstance(value) || value instanceof Promise;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
