/** What the controller needs of the API server in order to have objects stored in the present version of their CRD. */
import type { types } from "@pulumi/kubernetes";
import { API_GROUP, CLUSTER_SECRET_STORE, EXTERNAL_SECRET, SECRET_STORE } from "../api/resource-types.ts";

type PolicyRule = types.input.rbac.v1.PolicyRule;

const KINDS = [EXTERNAL_SECRET, SECRET_STORE, CLUSTER_SECRET_STORE];
const CRDS = {
  apiGroups: ["apiextensions.k8s.io"],
  resourceNames: KINDS.map(({ plural }) => `${plural}.${API_GROUP}`),
};

/** Rules of a ClusterRole for the flag `--migrate-storage`. CRDs are named, and only their status is written. */
export function storageMigrationRules(): PolicyRule[] {
  return [
    { ...CRDS, resources: ["customresourcedefinitions"], verbs: ["get"] },
    { ...CRDS, resources: ["customresourcedefinitions/status"], verbs: ["patch"] },
    // Each object is written once without a change.
    { apiGroups: [API_GROUP], resources: KINDS.map(({ plural }) => plural), verbs: ["list", "patch"] },
  ];
}
