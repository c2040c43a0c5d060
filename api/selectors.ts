/** References to Secrets, ConfigMaps and ServiceAccounts of the cluster, and label selectors. */
import * as z from "zod";
import type { DeepReadonly } from "./deep-readonly.ts";
import { dataKey, dnsLabel, dnsSubdomain, stringMap } from "./formats.ts";

const namespace = dnsLabel
  .exactOptional()
  .describe("Namespace, in a ClusterSecretStore only. Default: that of the ExternalSecret.");

/** A key of a Secret in the cluster. */
export const secretKeySelectorSchema = z.object({
  name: dnsSubdomain.exactOptional().describe("Name of the Secret."),
  key: dataKey
    .exactOptional()
    .describe("Key in the Secret's data. Default: a name that the field gives, where it gives one."),
  namespace,
});
/** A key of a Secret in the cluster. */
export type SecretKeySelector = DeepReadonly<z.input<typeof secretKeySelectorSchema>>;

/** A ServiceAccount whose token is requested. */
export const serviceAccountSelectorSchema = z.object({
  name: dnsSubdomain.describe("Name of the ServiceAccount."),
  audiences: z
    .array(z.string())
    .exactOptional()
    .describe("Audiences of the requested token, beside those that the backend needs. Default: none."),
  namespace,
});
/** A ServiceAccount whose token is requested. */
export type ServiceAccountSelector = DeepReadonly<z.input<typeof serviceAccountSelectorSchema>>;

/** Where the certificate authority's PEM is kept. */
export const caProviderSchema = z.object({
  type: z.enum(["Secret", "ConfigMap"]).describe("Kind of the object that holds the certificates."),
  name: dnsSubdomain.describe("Name of the object."),
  key: dataKey.exactOptional().describe("Key in the object's data."),
  namespace,
});
/** Where the certificate authority's PEM is kept. */
export type CAProvider = DeepReadonly<z.input<typeof caProviderSchema>>;

const labelSelectorRequirementSchema = z.object({
  key: z.string().describe("Label that is looked at."),
  operator: z.string().describe("In, NotIn, Exists or DoesNotExist."),
  values: z
    .array(z.string())
    .exactOptional()
    .describe("Values for In and NotIn; must be empty for Exists and DoesNotExist.")
    .meta({ "x-kubernetes-list-type": "atomic" }),
});

/** Kubernetes' label selector; all its parts must match, an empty one matches everything. */
export const labelSelectorSchema = z.object({
  matchLabels: stringMap.exactOptional().describe("Labels that must be there with these values."),
  matchExpressions: z
    .array(labelSelectorRequirementSchema)
    .exactOptional()
    .describe("Requirements, all of which must hold.")
    .meta({ "x-kubernetes-list-type": "atomic" }),
});
/** Kubernetes' label selector. */
export type LabelSelector = DeepReadonly<z.input<typeof labelSelectorSchema>>;
