/** The resource types of Kubernetes itself that the controller reads and writes. */
import type { ResourceType } from "./kube/contracts.ts";

const core = { group: "", version: "v1" } as const;

export const SECRET: ResourceType = { ...core, kind: "Secret", plural: "secrets", namespaced: true };
export const CONFIG_MAP: ResourceType = { ...core, kind: "ConfigMap", plural: "configmaps", namespaced: true };
export const SERVICE_ACCOUNT: ResourceType = {
  ...core,
  kind: "ServiceAccount",
  plural: "serviceaccounts",
  namespaced: true,
};
export const NAMESPACE: ResourceType = { ...core, kind: "Namespace", plural: "namespaces", namespaced: false };
export const EVENT: ResourceType = { ...core, kind: "Event", plural: "events", namespaced: true };
export const LEASE: ResourceType = {
  group: "coordination.k8s.io",
  version: "v1",
  kind: "Lease",
  plural: "leases",
  namespaced: true,
};
export const DEPLOYMENT: ResourceType = {
  group: "apps",
  version: "v1",
  kind: "Deployment",
  plural: "deployments",
  namespaced: true,
};
export const CUSTOM_RESOURCE_DEFINITION: ResourceType = {
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  namespaced: false,
};
