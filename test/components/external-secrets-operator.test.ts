import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { ExternalSecretsOperator } from "../../components/external-secrets-operator.ts";
import { type RecordedResources, recordResources, settled } from "./recorded-resources.ts";

let resources: RecordedResources;
before(async () => {
  resources = await recordResources();
});
beforeEach(() => resources.clear());

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";

async function install(args: Partial<ConstructorParameters<typeof ExternalSecretsOperator>[1]> = {}) {
  const operator = new ExternalSecretsOperator("eso", { image: "example.test/image:1", ...args });
  await settled(operator.deploymentName);
  return operator;
}

function container() {
  return resources.find(DEPLOYMENT, "eso").inputs.spec.template.spec.containers[0];
}

test("it installs CRDs, namespace, identity, roles, Service and Deployment", async () => {
  await install();
  const types = resources.all.map(({ type }) => type.split(":").at(-1)).sort();
  assert.deepEqual(types, [
    "ClusterRole",
    "ClusterRoleBinding",
    "CustomResourceDefinitionPatch",
    "CustomResourceDefinitionPatch",
    "CustomResourceDefinitionPatch",
    "Deployment",
    "ExternalSecretsOperator",
    "Namespace",
    "Role",
    "RoleBinding",
    "Service",
    "ServiceAccount",
    "ValidatingAdmissionPolicyBindingPatch",
    "ValidatingAdmissionPolicyPatch",
  ]);
});

test("it can leave CRDs and namespace to others", async () => {
  await install({ crds: { create: false }, createNamespace: false, namespace: "mine" });
  assert.deepEqual(resources.ofType("kubernetes:core/v1:Namespace"), []);
  assert.doesNotMatch(resources.all.map(({ type }) => type).join(), /CustomResourceDefinition|AdmissionPolicy/);
  assert.equal(resources.find(DEPLOYMENT, "eso").inputs.metadata.namespace, "mine");
});

test("the container is hardened: non-root, read-only root, no capabilities, no escalation", async () => {
  await install();
  assert.deepEqual(container().securityContext, {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    runAsUser: 65532,
    runAsGroup: 65532,
    seccompProfile: { type: "RuntimeDefault" },
  });
});

test("arguments become the controller's flags, under ESO's names", async () => {
  await install({ concurrent: 7, logLevel: "debug", controllerClass: "blue", extraArgs: { "client-qps": "5" } });
  assert.deepEqual(container().args, [
    "--metrics-addr=:8080",
    "--live-addr=:8082",
    "--loglevel=debug",
    "--concurrent=7",
    "--controller-class=blue",
    "--client-qps=5",
  ]);
});

test("more than one replica elects a leader", async () => {
  await install({ replicaCount: 2 });
  assert.ok(container().args.includes("--enable-leader-election=true"));
});

test("the role has the verbs that the controller uses on each resource, and no wildcard", async () => {
  await install();
  const { rules } = resources.find("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "eso-controller").inputs;
  const verbsOn = (resource: string): string[] =>
    rules.flatMap((rule: { resources: string[]; verbs: string[] }) =>
      rule.resources.includes(resource) ? rule.verbs : [],
    );
  assert.deepEqual(verbsOn("secrets").sort(), ["create", "delete", "get", "list", "patch", "watch"]);
  assert.deepEqual(verbsOn("externalsecrets").sort(), ["get", "list", "patch", "watch"]);
  assert.deepEqual(verbsOn("secretstores").sort(), ["get", "list", "watch"]);
  assert.deepEqual(verbsOn("serviceaccounts/token"), ["create"]);
  assert.doesNotMatch(JSON.stringify(rules), /\*/);
});

test("targets of other kinds bring the flag and rules for these kinds, in whichever role there is", async () => {
  const widgets = { apiGroup: "example.test", resources: ["widgets"], verbs: ["get", "patch"] };
  const genericTargets = { enabled: true, resources: [{ apiGroup: "", resources: ["configmaps"] }, widgets] };
  const all = ["get", "list", "watch", "create", "patch", "delete"];
  const expected = [
    { apiGroups: [""], resources: ["configmaps"], verbs: all },
    { apiGroups: ["example.test"], resources: ["widgets"], verbs: ["get", "patch"] },
  ];
  for (const [kind, scope] of [
    ["ClusterRole", {}],
    ["Role", { scopedNamespace: "team-a" }],
  ] as const) {
    resources.clear();
    await install({ genericTargets, ...scope });
    const role = resources.find(`kubernetes:rbac.authorization.k8s.io/v1:${kind}`, "eso-controller").inputs;
    for (const rule of expected) assert.ok(role.rules.some((one: object) => isDeepStrictEqual(one, rule)));
    assert.ok(container().args.includes("--unsafe-allow-generic-targets=true"));
  }
});

test("with a scoped namespace it gets a Role there and no ClusterRole", async () => {
  await install({ scopedNamespace: "team-a" });
  assert.deepEqual(resources.ofType("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole"), []);
  const role = resources.find("kubernetes:rbac.authorization.k8s.io/v1:Role", "eso-controller").inputs;
  assert.equal(role.metadata.namespace, "team-a");
  assert.doesNotMatch(JSON.stringify(role.rules), /clustersecretstores|namespaces/);
  assert.ok(container().args.includes("--namespace=team-a"));
  assert.ok(container().args.includes("--enable-cluster-store-reconciler=false"));
});

test("skipAwait marks the Deployment so that up does not wait for it", async () => {
  await install({ skipAwait: true });
  assert.equal(resources.find(DEPLOYMENT, "eso").inputs.metadata.annotations["pulumi.com/skipAwait"], "true");
});
