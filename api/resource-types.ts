/** The group, versions and resource types of the API. */

/** The API group of all kinds here. */
export const API_GROUP = "external-secrets.io";

/** The API group of ESO's generators. */
export const GENERATORS_GROUP = "generators.external-secrets.io";

/** The version that is stored, and that the controller reads and writes. */
export const STORED_VERSION = "v1";

/** The versions that are served, all with one schema. */
export const SERVED_VERSIONS = ["v1", "v1beta1"] as const;

/** One of the served versions. */
export type ServedVersion = (typeof SERVED_VERSIONS)[number];

/** `apiVersion` of objects in the stored version. */
export const API_VERSION = `${API_GROUP}/${STORED_VERSION}` as const;

/** A namespaced store of one secret backend. */
export const SECRET_STORE = {
  group: API_GROUP,
  version: STORED_VERSION,
  kind: "SecretStore",
  plural: "secretstores",
  namespaced: true,
} as const;

/** A store that all namespaces may use, unless its conditions limit them. */
export const CLUSTER_SECRET_STORE = {
  group: API_GROUP,
  version: STORED_VERSION,
  kind: "ClusterSecretStore",
  plural: "clustersecretstores",
  namespaced: false,
} as const;

/** The wish for one Kubernetes Secret that is kept equal to what a backend holds. */
export const EXTERNAL_SECRET = {
  group: API_GROUP,
  version: STORED_VERSION,
  kind: "ExternalSecret",
  plural: "externalsecrets",
  namespaced: true,
} as const;
