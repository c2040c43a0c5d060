/** The least that the controller needs of the API server. */
import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import type { GenericTargetsArgs, TokenGrant } from "./operator-access-args.ts";

/** A rule of a Role or ClusterRole. */
export type PolicyRule = types.input.rbac.v1.PolicyRule;

const GROUP = "external-secrets.io";
const READ = ["get", "list", "watch"];
/** What is watched is never asked for by name. */
const WATCH = ["list", "watch"];
const EVERY_KIND = ["externalsecrets", "secretstores", "clustersecretstores"];

/** What rules depend on. */
export interface RuleOptions {
  readonly tokens: TokenGrant;
  readonly deleteSecrets: boolean;
  readonly openshiftFinalizers: boolean;
  readonly genericTargets: GenericTargetsArgs | undefined;
}

/** What it needs in every namespace that it serves. */
export function namespacedRules(options: RuleOptions): PolicyRule[] {
  return [
    { apiGroups: [GROUP], resources: ["secretstores"], verbs: WATCH },
    // patch: to let go of the finalizer that ESO left on an ExternalSecret, so that it can be deleted.
    { apiGroups: [GROUP], resources: ["externalsecrets"], verbs: [...WATCH, "patch"] },
    { apiGroups: [GROUP], resources: ["externalsecrets/status", "secretstores/status"], verbs: ["patch"] },
    ...(options.openshiftFinalizers ? [finalizersRule] : []),
    // delete: for deletionPolicy Delete, and for the Secret that is left behind when an ExternalSecret changes its target's name.
    {
      apiGroups: [""],
      resources: ["secrets"],
      verbs: [...READ, "create", "patch", ...(options.deleteSecrets ? ["delete"] : [])],
    },
    // list and watch: to notice that a template or a CA certificate in a ConfigMap has changed.
    { apiGroups: [""], resources: ["configmaps"], verbs: READ },
    { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
    ...grantedTokenRules(options.tokens),
    ...genericTargetRules(options.genericTargets),
  ];
}

/** Asked for by clusters that check owner references with blockOwnerDeletion. */
const finalizersRule: PolicyRule = { apiGroups: [GROUP], resources: ["externalsecrets/finalizers"], verbs: ["update"] };

/** Of stores that log in as a service account, with its annotations: of all accounts, or of those with these names. */
export function tokenRules(names?: Input<Input<string>[]>): PolicyRule[] {
  const which = names === undefined ? {} : { resourceNames: names };
  return [
    { apiGroups: [""], resources: ["serviceaccounts"], ...which, verbs: ["get"] },
    { apiGroups: [""], resources: ["serviceaccounts/token"], ...which, verbs: ["create"] },
  ];
}

/** For `"declared"` each store has a role of its own. */
function grantedTokenRules(tokens: TokenGrant): PolicyRule[] {
  if (tokens === true) return tokenRules();
  if (tokens === false || tokens === "declared" || tokens.length === 0) return [];
  return tokenRules([...tokens]);
}

/** For targets of another kind than Secret. */
function genericTargetRules(args: GenericTargetsArgs | undefined): PolicyRule[] {
  if (args?.enabled !== true) return [];
  return args.resources.map(({ apiGroup, resources, verbs }) => ({
    apiGroups: [apiGroup],
    resources,
    verbs: verbs ?? [...READ, "create", "patch", "delete"],
  }));
}

/** What it needs beyond namespaces, to serve ClusterSecretStores. */
export function clusterStoreRules(): PolicyRule[] {
  return [
    { apiGroups: [GROUP], resources: ["clustersecretstores"], verbs: WATCH },
    { apiGroups: [GROUP], resources: ["clustersecretstores/status"], verbs: ["patch"] },
    { apiGroups: [""], resources: ["namespaces"], verbs: WATCH },
  ];
}

/** What it needs in its own namespace, to elect a leader by that Lease. What is to be created has no name yet. */
export function leaderElectionRules(lease: Input<string>): PolicyRule[] {
  const group = { apiGroups: ["coordination.k8s.io"], resources: ["leases"] };
  return [
    { ...group, verbs: ["create"] },
    { ...group, resourceNames: [lease], verbs: ["get", "patch"] },
  ];
}

/** For people: to read. */
export function viewRules(): PolicyRule[] {
  return [{ apiGroups: [GROUP], resources: EVERY_KIND, verbs: READ }];
}

/** For people: to write. */
export function editRules(): PolicyRule[] {
  const verbs = ["create", "delete", "deletecollection", "patch", "update"];
  return [{ apiGroups: [GROUP], resources: EVERY_KIND, verbs }];
}

/** For a controller of service bindings. */
export function serviceBindingRules(): PolicyRule[] {
  return [{ apiGroups: [GROUP], resources: ["externalsecrets"], verbs: READ }];
}

/** To ask who a scraper of the metrics is, and whether it may. */
export function metricsAuthRules(): PolicyRule[] {
  return [
    { apiGroups: ["authentication.k8s.io"], resources: ["tokenreviews"], verbs: ["create"] },
    { apiGroups: ["authorization.k8s.io"], resources: ["subjectaccessreviews"], verbs: ["create"] },
  ];
}
