/** A store with a secret value, an ExternalSecret with a secret in its template, and what follows its content: the test changes them by configuration. */
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Config, jsonStringify } from "@pulumi/pulumi";
import { ExternalSecret, SecretStore } from "../../../../components/index.ts";

const config = new Config();
const namespace = "default";

const store = new SecretStore("store", {
  // The test edits it by hand: then Pulumi has to take the fields back.
  metadata: { name: "store", namespace, annotations: { "pulumi.com/patchForce": "true" } },
  spec: { provider: { fake: { data: [{ key: "db", value: config.requireSecret("value") }] } } },
});

const name = config.get("name") ?? "db";
const db = new ExternalSecret(
  name,
  {
    metadata: { name: "db", namespace },
    store,
    spec: {
      refreshInterval: "1h",
      data: ["password", ...(config.getObject<string[]>("more") ?? [])].map((secretKey) => ({
        secretKey,
        remoteRef: { key: "db" },
      })),
    },
  },
  { aliases: [{ name: "db" }] },
);

const templated = new ExternalSecret("templated", {
  metadata: { name: "templated", namespace },
  store,
  spec: {
    target: { template: { data: { url: config.requireSecret("url"), password: "{{ .password }}" } } },
    data: [{ secretKey: "password", remoteRef: { key: "db" } }],
  },
});

if (config.getBoolean("missing") === true) {
  new ExternalSecret(
    "missing",
    {
      metadata: { name: "missing", namespace },
      store,
      spec: { data: [{ secretKey: "a", remoteRef: { key: "nowhere" } }] },
    },
    { customTimeouts: { create: "6s", update: "6s" } },
  );
}

// Stands for a Deployment, which no node would run.
new ConfigMap("workload", {
  metadata: { name: "workload", namespace, annotations: db.hashAnnotation },
  data: { pod: jsonStringify([db.envVar("PASSWORD", "password"), db.envFrom({ prefix: "DB_" }), db.volume()]) },
});

export const secretName = db.secretName;
export const ready = db.ready;
export const contentHash = db.contentHash;
export const templatedName = templated.secretName;
export const templatedHash = templated.contentHash;
