/** A namespace, a ConfigMap, a Secret, and a custom resource with its definition: the test changes them by configuration. */
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const color = config.get("color") ?? "blue";
const waitFor = config.get("waitFor") ?? "";
const takeOver = { "pulumi.com/patchForce": "true" };

const namespace = new kubernetes.core.v1.Namespace("paint", {
  metadata: { labels: { color }, annotations: takeOver },
});
const inNamespace = { namespace: namespace.metadata.name };

const settings = new kubernetes.core.v1.ConfigMap("settings", {
  metadata: { ...inNamespace, name: "settings" },
  data: { color },
});

const password = new kubernetes.core.v1.Secret("password", {
  metadata: { ...inNamespace, name: "password", labels: { color } },
  stringData: { password: config.requireSecret("password") },
});

const definition = new kubernetes.apiextensions.v1.CustomResourceDefinition("brushes", {
  metadata: { name: "brushes.ground.test" },
  spec: {
    group: "ground.test",
    scope: "Namespaced",
    names: { plural: "brushes", singular: "brush", kind: "Brush" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: {
                type: "object",
                properties: {
                  widthMm: { type: "integer" },
                  bristles: { type: "string", default: "hog" },
                  load: { x_kubernetes_int_or_string: true },
                },
              },
              status: { type: "object", x_kubernetes_preserve_unknown_fields: true },
            },
          },
        },
      },
    ],
  },
});

const brush = new kubernetes.apiextensions.CustomResource(
  "brush",
  {
    apiVersion: "ground.test/v1",
    kind: "Brush",
    metadata: {
      ...inNamespace,
      name: "flat",
      annotations: {
        ...takeOver,
        "pulumi.com/timeoutSeconds": config.get("timeoutSeconds") ?? "60",
        ...(waitFor && { "pulumi.com/waitFor": waitFor }),
      },
    },
    spec: { widthMm: config.getNumber("widthMm") ?? 20, load: "10%" },
  },
  { dependsOn: definition },
);

export const namespaceName = namespace.metadata.name;
export const names = pulumi.all([settings.metadata.name, password.metadata.name, brush.metadata.name]);
