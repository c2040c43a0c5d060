/** Whether the store's identity may read Secrets in a namespace. */
import { AccessDenied } from "../errors.ts";
import type { KubeApi } from "./kube-api.ts";
import { grantOf, nameOf } from "./kube-error.ts";

interface ResourceRule {
  readonly verbs?: readonly string[];
  readonly apiGroups?: readonly string[] | null;
  readonly resources?: readonly string[] | null;
}

/**
 * Asks for the rules that hold for us, and where these do not say it, as some authorizers cannot list theirs, for the access
 * itself.
 * @throws AccessDenied where Secrets cannot be read.
 */
export async function requireReadAccess(api: KubeApi, namespace: string, signal: AbortSignal): Promise<void> {
  const rules = await api.review("selfsubjectrulesreviews", "SelfSubjectRulesReview", { namespace }, signal);
  const { resourceRules } = (rules ?? {}) as { readonly resourceRules?: readonly ResourceRule[] | null };
  if (resourceRules?.some(givesRead)) return;
  const resourceAttributes = { verb: "get", resource: "secrets", namespace };
  const access = await api.review(
    "selfsubjectaccessreviews",
    "SelfSubjectAccessReview",
    { resourceAttributes },
    signal,
  );
  if ((access as { readonly allowed?: boolean } | undefined)?.allowed === true) return;
  const subject = { verb: "get", resource: "secrets", group: "", namespace } as const;
  throw new AccessDenied(`${api.caller.identity} is not allowed to get ${nameOf(subject)}`, {
    field: api.caller.field,
    remedy: grantOf(subject, api.caller),
  });
}

/** Also where it names single Secrets: these can be read then. */
function givesRead({ verbs, apiGroups, resources }: ResourceRule): boolean {
  const holds = (list: readonly string[] | null | undefined, item: string) =>
    list?.includes(item) || list?.includes("*") || false;
  return holds(verbs, "get") && holds(resources, "secrets") && holds(apiGroups, "");
}
