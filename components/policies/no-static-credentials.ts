/** Policy: no stored credential where the backend takes a short-lived identity. */
import type { ResourceValidationPolicy } from "@pulumi/policy";
import type { JudgedResource } from "./judged-resource.ts";
import { fieldsAt, isGiven, textOf } from "./loose-fields.ts";
import { type PolicyDefinition, type PolicyOptions, resourcePolicy } from "./policy-options.ts";
import { STATIC_CREDENTIALS } from "./static-credential-rules.ts";

/** Which static credentials are allowed all the same. */
export interface StaticCredentialSettings {
  /** Paths below `spec.provider`, such as `vault.auth.appRole`; what is below one is allowed, too. Default: none. */
  readonly allowed: readonly string[];
}

/** Options of `noStaticCredentials`. */
export interface NoStaticCredentialsOptions extends PolicyOptions, Partial<StaticCredentialSettings> {}

const definition: PolicyDefinition<StaticCredentialSettings> = {
  name: "external-secrets-no-static-credentials",
  displayName: "No static credentials where keyless is possible",
  description: "A store logs in with an identity of its workload where its backend takes one, not with a stored key.",
  severity: "high",
  remediationSteps: "Give the store a service account that the backend trusts, and remove the stored credential.",
  properties: {
    allowed: {
      type: "array",
      items: { type: "string" },
      description: "Paths below spec.provider that are allowed, such as vault.auth.appRole.",
    },
  },
  defaults: { allowed: [] },
  *judge(resource, { allowed }) {
    if (resource.kind !== "SecretStore" && resource.kind !== "ClusterSecretStore") return;
    const provider = fieldsAt(resource.spec, "provider");
    for (const { path, credential, remedy } of STATIC_CREDENTIALS) {
      if (!isWritten(provider, path) || allowed.some((prefix) => path === prefix || path.startsWith(`${prefix}.`))) {
        continue;
      }
      if (path.startsWith("kubernetes.") && leadsElsewhere(resource)) continue;
      yield `${resource.title}: spec.provider.${path} logs in with ${credential}, a credential that is stored and does not end by itself. ${remedy}`;
    }
  },
};

/**
 * Refuses stores of AWS, Azure Key Vault, Google, Vault and this cluster that log in with a stored credential: each of
 * them takes the identity of a service account. What a backend cannot do without (`webhook`, another cluster) is allowed.
 */
export function noStaticCredentials(options: NoStaticCredentialsOptions = {}): ResourceValidationPolicy {
  return resourcePolicy(definition, options);
}

function isWritten(provider: unknown, path: string): boolean {
  const parts = path.split(".");
  const field = parts.pop() ?? "";
  return isGiven(fieldsAt(provider, ...parts)[field]);
}

/** Another cluster does not know this one's service accounts. */
function leadsElsewhere(resource: JudgedResource): boolean {
  const url = textOf(fieldsAt(resource.spec, "provider", "kubernetes", "server").url) ?? "";
  return url !== "" && !/^(?:https:\/\/)?kubernetes\.default(?:\.svc(?:\.cluster\.local)?)?(?::\d+)?\/?$/.test(url);
}
