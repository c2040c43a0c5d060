import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { output } from "@pulumi/pulumi";
import { ExternalSecretsOperator } from "../../components/external-secrets-operator.ts";
import { DEPLOYMENT, type OperatorFixture, operatorFixture } from "./installed-operator.ts";
import { settled } from "./recorded-resources.ts";

let it: OperatorFixture;
before(async () => {
  it = await operatorFixture();
});
beforeEach(() => it.resources.clear());

test("it installs CRDs, namespace, identity, roles, Service and Deployment", async () => {
  await it.install({ crds: {} });
  const types = it.resources.all.map(({ type }) => type.split(":").at(-1)).sort();
  assert.deepEqual(types, [
    "ClusterRole",
    "ClusterRole",
    "ClusterRole",
    "ClusterRoleBinding",
    "CustomResourceDefinitionPatch",
    "CustomResourceDefinitionPatch",
    "CustomResourceDefinitionPatch",
    "Deployment",
    "ExternalSecretsOperator",
    "Namespace",
    "Service",
    "ServiceAccount",
    "ValidatingAdmissionPolicyBindingPatch",
    "ValidatingAdmissionPolicyPatch",
  ]);
});

test("names of its children begin with its own, so that they follow its aliases, and names in Kubernetes are stable", async () => {
  await it.install({ fullnameOverride: "blue", replicaCount: 2, networkPolicy: {}, podDisruptionBudget: {} });
  const own = it.resources.all.filter(({ type }) => !/CustomResourceDefinition|AdmissionPolicy/.test(type));
  for (const { name, inputs, type } of own) {
    assert.ok(name.startsWith("eso"), name);
    if (inputs.metadata !== undefined && !type.endsWith(":Namespace")) assert.match(inputs.metadata.name, /^blue/);
  }
});

test("it can leave CRDs and namespace to others", async () => {
  const operator = await it.install({ crds: { create: false }, createNamespace: false, namespace: "mine" });
  assert.deepEqual(it.namesOf("kubernetes:core/v1:Namespace"), []);
  assert.doesNotMatch(it.resources.all.map(({ type }) => type).join(), /CustomResourceDefinition|AdmissionPolicy/);
  assert.equal(it.resources.find(DEPLOYMENT, "eso").inputs.metadata.namespace, "mine");
  assert.equal(await settled(operator.namespace), "mine");
});

test("the container is hardened: non-root, read-only root, no capabilities, no escalation", async () => {
  await it.install();
  const hardened = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    readOnlyRootFilesystem: true,
    runAsNonRoot: true,
    seccompProfile: { type: "RuntimeDefault" },
  };
  assert.deepEqual(it.container().securityContext, { ...hardened, runAsUser: 65532, runAsGroup: 65532 });
  it.resources.clear();
  await it.install({ openshift: true, securityContext: { seccompProfile: { type: "Unconfined" } } });
  assert.deepEqual(it.container().securityContext, { ...hardened, seccompProfile: { type: "Unconfined" } });
});

test("arguments become the controller's flags, under ESO's names", async () => {
  await it.install({
    concurrent: output(7),
    log: { level: "debug", timeEncoding: "rfc3339" },
    controllerClass: "blue",
    processSecretStore: false,
    storeRequeueInterval: "1m",
    statusHeartbeat: "each",
    metrics: { listen: { port: 9090 } },
    extraArgs: { "client-qps": "5" },
  });
  assert.deepEqual(it.container().args, [
    "--metrics-addr=:9090",
    "--live-addr=:8082",
    "--loglevel=debug",
    "--zap-time-encoding=rfc3339",
    "--concurrent=7",
    "--controller-class=blue",
    "--store-requeue-interval=1m",
    "--status-heartbeat=each",
    "--client-qps=5",
    "--enable-secret-store-reconciler=false",
    "--migrate-storage=true",
  ]);
});

test("more than one replica elects a leader, by a Lease of the operator's name that alone it may change", async () => {
  await it.install({ replicaCount: 2, fullnameOverride: "blue", leaderElection: { leaseDuration: "30s" } });
  const flags = it.container().args.filter((flag) => flag.includes("leader-elect"));
  assert.deepEqual(flags, [
    "--enable-leader-election=true",
    "--leader-election-id=blue-controller",
    "--leader-election-lease-duration=30s",
  ]);
  const leases = { apiGroups: ["coordination.k8s.io"], resources: ["leases"] };
  assert.deepEqual(it.rules("Role", "eso-leader-election"), [
    { ...leases, verbs: ["create"] },
    { ...leases, resourceNames: ["blue-controller"], verbs: ["get", "patch"] },
  ]);
});

test("one replica elects nobody, unless told to, and has no role for it", async () => {
  await it.install();
  assert.ok(!it.container().args.some((flag) => flag.includes("leader-election")));
  assert.deepEqual(it.namesOf("Role"), []);
  it.resources.clear();
  await it.install({ leaderElect: true });
  assert.ok(it.container().args.includes("--enable-leader-election=true"));
});

test("skipAwait marks the Deployment so that up does not wait for it, beside the user's annotations", async () => {
  await it.install({ skipAwait: true, deploymentAnnotations: { owner: "platform" } });
  const { annotations } = it.resources.find(DEPLOYMENT, "eso").inputs.metadata;
  assert.deepEqual(annotations, { "pulumi.com/skipAwait": "true", owner: "platform" });
});

test("its outputs name what was made", async () => {
  const operator = await it.install({ serviceAccount: { create: false, name: "theirs" } });
  assert.equal(await settled(operator.namespace), "external-secrets");
  assert.equal(await settled(operator.serviceAccountName), "theirs");
  assert.equal(await settled(operator.deploymentName), "external-secrets");
  assert.equal(await settled(operator.servedNamespaces), undefined);
  assert.deepEqual(it.namesOf("kubernetes:core/v1:ServiceAccount"), []);
});

test("contradictory arguments are refused with the remedy", () => {
  const image = "example.test/image:1";
  const cases = [
    [{ image, serviceAccount: { create: false } }, /serviceAccount\.name is not set; name the service account/],
    [{ image, scope: output(["a"]) as never }, /scope is known only later, .* write a list/],
    [{ image, scope: [] }, /scope names no namespace/],
    [{ image, scope: ["a"], scopedNamespace: "b" }, /set either scope or scopedNamespace/],
    [
      { image, podDisruptionBudget: { minAvailable: 1, maxUnavailable: 1 } },
      /set either minAvailable or maxUnavailable/,
    ],
    [{ image, serviceMonitor: {}, metrics: { service: { enabled: false } } }, /serviceMonitor needs the Service/],
    [
      { image, prometheusRule: { disabledAlerts: ["Nope"] } },
      /there is no alert "Nope"; there are ExternalSecretNotReady/,
    ],
  ] as const;
  for (const [args, message] of cases) assert.throws(() => new ExternalSecretsOperator("wrong", args), message);
});
