/** The same ExternalSecrets, as our component or as bare custom resources: each waits for its condition. */
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { Config } from "@pulumi/pulumi";

const config = new Config();
const count = config.requireNumber("count");
const namespace = config.require("namespace");
const isTyped = config.require("form") === "typed";

function specOf(index: number) {
  return {
    refreshInterval: "1h",
    secretStoreRef: { kind: "SecretStore" as const, name: config.require("store") },
    data: ["username", "password"].map((property) => ({
      secretKey: property,
      remoteRef: { key: `app-${index % 100}`, property },
    })),
  };
}

const typed = isTyped ? await import("pulumi-external-secrets") : undefined;
for (let index = 0; index < count; index += 1) {
  const metadata = { name: `es-${index}`, namespace };
  if (typed !== undefined) new typed.ExternalSecret(`es-${index}`, { metadata, spec: specOf(index) });
  else {
    new CustomResource(`es-${index}`, {
      apiVersion: "external-secrets.io/v1",
      kind: "ExternalSecret",
      metadata: { ...metadata, annotations: { "pulumi.com/waitFor": "condition=Ready" } },
      spec: specOf(index),
    });
  }
}
