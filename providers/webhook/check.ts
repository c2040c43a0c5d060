/** What is wrong with a store's `webhook` block, without asking anyone. */
import { parseDurationMs } from "../../api/duration.ts";
import type { WebhookProviderSpec } from "../../api/stores/webhook.ts";
import type { StoreIdentity } from "../contract.ts";

/** The path of the block, for messages. */
export const BLOCK = "spec.provider.webhook";

/** One line for each defect: field, what is wrong, what to do. */
export function checkWebhookSpec(spec: WebhookProviderSpec, store: StoreIdentity): readonly string[] {
  const { url, method, timeout } = spec;
  const errors: string[] = [];
  // A template may make all of it.
  if (!/^https?:\/\//i.test(url) && !url.startsWith("{{")) {
    errors.push(`${BLOCK}.url: no http or https URL; write https://host/path`);
  }
  if (method && !/^[A-Za-z]{1,20}$/.test(method)) errors.push(`${BLOCK}.method: no HTTP method; write GET or POST`);
  if (timeout && !((parseDurationMs(timeout) ?? 0) > 0)) {
    errors.push(`${BLOCK}.timeout: ${JSON.stringify(timeout)} is no duration; write one such as 5s`);
  }
  return [...errors, ...namespaceErrors(spec, store)];
}

/** A SecretStore may name no namespace but its own in any reference. */
function namespaceErrors(
  { secrets = [], caProvider, auth }: WebhookProviderSpec,
  store: StoreIdentity,
): readonly string[] {
  if (store.kind === "ClusterSecretStore") return [];
  const references = [
    ...secrets.map(({ secretRef }, index) => [`secrets[${index}].secretRef`, secretRef.namespace] as const),
    ["caProvider", caProvider?.namespace] as const,
    ["auth.ntlm.usernameSecret", auth?.ntlm?.usernameSecret.namespace] as const,
    ["auth.ntlm.passwordSecret", auth?.ntlm?.passwordSecret.namespace] as const,
  ];
  return references.flatMap(([field, namespace]) =>
    namespace === undefined || namespace === store.namespace
      ? []
      : [`${BLOCK}.${field}.namespace: must be empty or that of the SecretStore; remove it`],
  );
}
