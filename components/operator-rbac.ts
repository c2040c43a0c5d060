/** The least that the controller needs of the API server. */
import type { types } from "@pulumi/kubernetes";
import type { GenericTargetsArgs } from "./operator-args.ts";

type PolicyRule = types.input.rbac.v1.PolicyRule;

const GROUP = "external-secrets.io";
const READ = ["get", "list", "watch"];

/** What it needs in every namespace that it serves. */
export function namespacedRules(): PolicyRule[] {
  return [
    { apiGroups: [GROUP], resources: ["secretstores"], verbs: READ },
    // patch: to let go of the finalizer that ESO left on an ExternalSecret, so that it can be deleted.
    { apiGroups: [GROUP], resources: ["externalsecrets"], verbs: [...READ, "patch"] },
    { apiGroups: [GROUP], resources: ["externalsecrets/status", "secretstores/status"], verbs: ["patch"] },
    // Asked for by clusters that check owner references with blockOwnerDeletion.
    { apiGroups: [GROUP], resources: ["externalsecrets/finalizers"], verbs: ["update"] },
    // delete: for deletionPolicy Delete, and for the Secret that is left behind when an ExternalSecret changes its target's name.
    { apiGroups: [""], resources: ["secrets"], verbs: [...READ, "create", "patch", "delete"] },
    // list and watch: to notice that a template or a CA certificate in a ConfigMap has changed.
    { apiGroups: [""], resources: ["configmaps"], verbs: READ },
    { apiGroups: [""], resources: ["serviceaccounts"], verbs: ["get"] },
    { apiGroups: [""], resources: ["serviceaccounts/token"], verbs: ["create"] },
    { apiGroups: ["", "events.k8s.io"], resources: ["events"], verbs: ["create", "patch"] },
  ];
}

/** What it needs in every namespace that it serves, for targets of another kind than Secret. */
export function genericTargetRules(args: GenericTargetsArgs | undefined): PolicyRule[] {
  if (args?.enabled !== true) return [];
  return args.resources.map(({ apiGroup, resources, verbs }) => ({
    apiGroups: [apiGroup],
    resources,
    verbs: verbs ?? [...READ, "create", "patch", "delete"],
  }));
}

/** What it needs beyond namespaces, to serve ClusterSecretStores. */
export function clusterRules(): PolicyRule[] {
  return [
    { apiGroups: [GROUP], resources: ["clustersecretstores"], verbs: READ },
    { apiGroups: [GROUP], resources: ["clustersecretstores/status"], verbs: ["patch"] },
    { apiGroups: [""], resources: ["namespaces"], verbs: READ },
  ];
}

/** What it needs in its own namespace, to elect a leader. */
export function leaderElectionRules(): PolicyRule[] {
  return [{ apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get", "create", "update", "patch"] }];
}
