/** The API for users: schemas, the types inferred from them, names, validators and the custom resource definitions. */
export type { CustomResourceDefinition } from "./crd/custom-resource-definition.ts";
export { customResourceDefinitions } from "./crd/definitions.ts";
export { parseDurationMs } from "./duration.ts";
export * from "./external-secret.ts";
export { GENERATOR_KINDS } from "./external-secret-source.ts";
export * from "./labels.ts";
export type { ObjectMeta, OwnerReference } from "./object-meta.ts";
export * from "./reasons.ts";
export * from "./resource-types.ts";
export * from "./secret-store.ts";
export type { CAProvider, LabelSelector, SecretKeySelector, ServiceAccountSelector } from "./selectors.ts";
export { validateExternalSecret, validateSecretTemplate } from "./validate-external-secret.ts";
export { validateSecretStore } from "./validate-secret-store.ts";
