/** The CustomResourceDefinitions of all kinds. */
import { externalSecretSchema } from "../external-secret.ts";
import { CLUSTER_SECRET_STORE, EXTERNAL_SECRET, SECRET_STORE } from "../resource-types.ts";
import { clusterSecretStoreSchema, secretStoreSchema } from "../secret-store.ts";
import {
  type CustomResourceDefinition,
  customResourceDefinition,
  type KindDefinition,
  type PrinterColumn,
} from "./custom-resource-definition.ts";

const READY = '.status.conditions[?(@.type=="Ready")]';

const STORE_COLUMNS: readonly PrinterColumn[] = [
  { name: "AGE", type: "date", jsonPath: ".metadata.creationTimestamp" },
  { name: "Status", type: "string", jsonPath: `${READY}.reason` },
  { name: "Capabilities", type: "string", jsonPath: ".status.capabilities" },
  { name: "Ready", type: "string", jsonPath: `${READY}.status` },
];

const EXTERNAL_SECRET_COLUMNS: readonly PrinterColumn[] = [
  { name: "StoreType", type: "string", jsonPath: ".spec.secretStoreRef.kind" },
  { name: "Store", type: "string", jsonPath: ".spec.secretStoreRef.name" },
  { name: "Refresh Interval", type: "string", jsonPath: ".spec.refreshInterval" },
  { name: "Status", type: "string", jsonPath: `${READY}.reason` },
  { name: "Ready", type: "string", jsonPath: `${READY}.status` },
  { name: "Last Sync", type: "date", jsonPath: ".status.refreshTime" },
];

const DEFINITIONS: readonly KindDefinition[] = [
  {
    resource: SECRET_STORE,
    shortNames: ["ss"],
    description: "SecretStore says how a secret backend is reached from its namespace.",
    schema: secretStoreSchema,
    columns: STORE_COLUMNS,
    describedVersions: "stored",
    selectableFields: [],
  },
  {
    resource: CLUSTER_SECRET_STORE,
    shortNames: ["css"],
    description:
      "ClusterSecretStore says how a secret backend is reached from all namespaces that its conditions permit.",
    schema: clusterSecretStoreSchema,
    columns: STORE_COLUMNS,
    describedVersions: "stored",
    selectableFields: [],
  },
  {
    resource: EXTERNAL_SECRET,
    shortNames: ["es"],
    description:
      "ExternalSecret is the wish for one Kubernetes Secret that is kept equal to what a secret backend holds.",
    schema: externalSecretSchema,
    columns: EXTERNAL_SECRET_COLUMNS,
    describedVersions: "all",
    selectableFields: [
      ".spec.secretStoreRef.name",
      ".spec.secretStoreRef.kind",
      ".spec.target.name",
      ".spec.refreshInterval",
    ],
  },
];

/** The CustomResourceDefinitions of all kinds, ready to be applied. Made anew at each call. */
export function customResourceDefinitions(): readonly CustomResourceDefinition[] {
  return DEFINITIONS.map(customResourceDefinition);
}
