import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { output } from "@pulumi/pulumi";
import { DEPLOYMENT, type OperatorFixture, operatorFixture } from "./installed-operator.ts";

let it: OperatorFixture;
before(async () => {
  it = await operatorFixture();
});
beforeEach(() => it.resources.clear());

const SELECTOR = {
  "app.kubernetes.io/name": "external-secrets",
  "app.kubernetes.io/instance": "external-secrets",
  "app.kubernetes.io/component": "controller",
};

test("scheduling, network and lifetime of the Pods are as they are set", async () => {
  const podOptions = {
    nodeSelector: { pool: "system" },
    tolerations: [{ operator: "Exists" }],
    affinity: { nodeAffinity: {} },
    priorityClassName: "system-cluster-critical",
    runtimeClassName: "gvisor",
    schedulerName: "mine",
    hostNetwork: true,
    hostUsers: false,
    dnsConfig: { searches: ["corp.test"] },
    hostAliases: [{ ip: "192.0.2.1", hostnames: ["vault.test"] }],
    terminationGracePeriodSeconds: 15,
  };
  await it.install({
    ...podOptions,
    topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" }],
    podSpecExtra: { enableServiceLinks: false },
    strategy: { type: "Recreate" },
    revisionHistoryLimit: 1,
  });
  const spec = it.podSpec();
  for (const [field, value] of Object.entries(podOptions)) assert.deepEqual(spec[field], value, field);
  assert.equal(spec.dnsPolicy, "ClusterFirstWithHostNet");
  assert.equal(spec.enableServiceLinks, false);
  assert.deepEqual(spec.topologySpreadConstraints, [
    { labelSelector: { matchLabels: SELECTOR }, maxSkew: 1, topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" },
  ]);
  const { strategy, revisionHistoryLimit } = it.resources.find(DEPLOYMENT, "eso").inputs.spec;
  assert.deepEqual([strategy, revisionHistoryLimit], [{ type: "Recreate" }, 1]);
});

test("what is added to the Pod stands beside the controller", async () => {
  await it.install({
    extraEnv: [{ name: "HTTPS_PROXY", value: "http://proxy.test" }],
    extraVolumes: [{ name: "ca", emptyDir: {} }],
    extraVolumeMounts: [{ name: "ca", mountPath: "/ca" }],
    extraContainers: [{ name: "proxy", image: "proxy" }],
    extraInitContainers: [{ name: "first", image: "first" }],
  });
  const { containers, initContainers, volumes } = it.podSpec();
  assert.deepEqual(
    containers.map(({ name }) => name),
    ["external-secrets", "proxy"],
  );
  assert.deepEqual(initContainers, [{ name: "first", image: "first" }]);
  assert.deepEqual(volumes, [{ name: "ca", emptyDir: {} }]);
  assert.deepEqual(it.container().volumeMounts, [{ name: "ca", mountPath: "/ca" }]);
  assert.deepEqual(it.container().env, [{ name: "HTTPS_PROXY", value: "http://proxy.test" }]);
});

test("probes can be tuned, and left out", async () => {
  await it.install({ healthPort: 9082, livenessProbe: { periodSeconds: 30 }, readinessProbe: { enabled: false } });
  assert.deepEqual(it.container().livenessProbe, {
    httpGet: { path: "/healthz", port: 9082 },
    periodSeconds: 30,
    initialDelaySeconds: 10,
    failureThreshold: 3,
  });
  assert.equal(it.container().readinessProbe, undefined);
  assert.ok(it.container().args.includes("--live-addr=:9082"));
});

test("labels of all objects are on all of them, and the selector does not change for them", async () => {
  await it.install({
    commonLabels: { team: "platform", "app.kubernetes.io/name": "else" },
    podLabels: { tier: output("infra") },
    podAnnotations: { note: "x" },
    metrics: { scrapeAnnotations: true },
  });
  const own = it.resources.all.filter(({ inputs }) => inputs.metadata?.labels?.["app.kubernetes.io/managed-by"]);
  assert.ok(own.length >= 7);
  for (const { inputs } of own) assert.equal(inputs.metadata.labels.team, "platform");
  const { selector, template } = it.resources.find(DEPLOYMENT, "eso").inputs.spec;
  assert.deepEqual(selector.matchLabels, SELECTOR);
  assert.deepEqual(template.metadata.labels, { team: "platform", tier: "infra", ...SELECTOR });
  assert.deepEqual(template.metadata.annotations, {
    "prometheus.io/scrape": "true",
    "prometheus.io/port": "8080",
    "prometheus.io/path": "/metrics",
    note: "x",
  });
});

test("the clouds' workload identities become annotations, and a Pod's label for Azure", async () => {
  await it.install({
    serviceAccount: {
      irsa: { roleArn: output("arn:aws:iam::1:role/r"), tokenExpirationSeconds: 3600 },
      gkeWorkloadIdentity: { serviceAccount: "a@b.iam.gserviceaccount.com" },
      azureWorkloadIdentity: { clientId: "00000000-0000-0000-0000-000000000000" },
      annotations: { mine: "1" },
      extraLabels: { extra: "1" },
      automount: false,
    },
  });
  const { inputs } = it.resources.find("kubernetes:core/v1:ServiceAccount", "eso");
  assert.deepEqual(inputs.metadata.annotations, {
    "eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/r",
    "eks.amazonaws.com/token-expiration": "3600",
    "iam.gke.io/gcp-service-account": "a@b.iam.gserviceaccount.com",
    "azure.workload.identity/client-id": "00000000-0000-0000-0000-000000000000",
    mine: "1",
  });
  assert.equal(inputs.metadata.labels.extra, "1");
  assert.deepEqual([inputs.automountServiceAccountToken, it.podSpec().automountServiceAccountToken], [false, false]);
  const { labels } = it.resources.find(DEPLOYMENT, "eso").inputs.spec.template.metadata;
  assert.equal(labels["azure.workload.identity/use"], "true");
});

test("a network policy admits metrics and probes, and lets out DNS, HTTPS, the API server and what is added", async () => {
  const vault = { ports: [{ protocol: "TCP", port: 8200 }] };
  await it.install({ networkPolicy: { extraEgress: [vault] }, metrics: { listen: { port: 9090 } } });
  const { spec } = it.resources.find("kubernetes:networking.k8s.io/v1:NetworkPolicy", "eso").inputs;
  assert.deepEqual(spec.podSelector.matchLabels, SELECTOR);
  const tcp = (port: number) => ({ protocol: "TCP", port });
  assert.deepEqual(spec.ingress, [{ ports: [tcp(9090), tcp(8082)] }]);
  assert.deepEqual(spec.egress, [
    { ports: [{ protocol: "UDP", port: 53 }, tcp(53)] },
    { ports: [tcp(443), tcp(6443)] },
    vault,
  ]);
});

test("a disruption budget never stops a drain unless it is told to", async () => {
  const budget = () => it.resources.find("kubernetes:policy/v1:PodDisruptionBudget", "eso").inputs.spec;
  await it.install({ podDisruptionBudget: {} });
  assert.deepEqual(budget(), { selector: { matchLabels: SELECTOR }, maxUnavailable: 1 });
  it.resources.clear();
  await it.install({ podDisruptionBudget: { minAvailable: "50%" } });
  assert.deepEqual(budget(), { selector: { matchLabels: SELECTOR }, minAvailable: "50%" });
  it.resources.clear();
  await it.install({ podDisruptionBudget: { enabled: false }, networkPolicy: { enabled: false } });
  assert.doesNotMatch(it.resources.all.map(({ type }) => type).join(), /PodDisruptionBudget|NetworkPolicy/);
});

test("monitoring: a monitor that finds the Service, the package's alerts and its dashboard", async () => {
  await it.install({
    serviceMonitor: { additionalLabels: { release: "prometheus" }, interval: "1m" },
    prometheusRule: { namespace: "monitoring", disabledAlerts: ["ExternalSecretNotReady"] },
    grafanaDashboard: { namespace: "grafana", annotations: { folder: "Secrets" } },
  });
  const monitor = it.resources.find("kubernetes:monitoring.coreos.com/v1:ServiceMonitor", "eso-metrics").inputs;
  const service = it.resources.find("kubernetes:core/v1:Service", "eso-metrics").inputs;
  for (const [label, value] of Object.entries(monitor.spec.selector.matchLabels)) {
    assert.equal(service.metadata.labels[label], value);
  }
  assert.deepEqual(monitor.spec.endpoints, [
    { port: "metrics", interval: "1m", scrapeTimeout: "25s", honorLabels: true },
  ]);
  assert.equal(monitor.metadata.labels.release, "prometheus");
  const rule = it.resources.find("kubernetes:monitoring.coreos.com/v1:PrometheusRule", "eso-alerts").inputs;
  const alerts = rule.spec.groups[0].rules.map(({ alert }: { alert: string }) => alert);
  assert.ok(alerts.includes("SecretStoreNotReady") && !alerts.includes("ExternalSecretNotReady"));
  const dashboard = it.resources.find("kubernetes:core/v1:ConfigMap", "eso-dashboard").inputs;
  assert.equal(dashboard.metadata.labels.grafana_dashboard, "1");
  assert.equal(JSON.parse(dashboard.data["external-secrets.json"]).title, "External secrets");
});

test("further objects come with the operator, in its namespace where they name none", async () => {
  await it.install({
    extraObjects: [
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: { x: output("y") } },
      { apiVersion: "cilium.io/v2", kind: "CiliumNetworkPolicy", metadata: { name: "b", namespace: "c" }, spec: {} },
    ],
  });
  const one = it.resources.find("kubernetes:v1:ConfigMap", "eso-configmap-a").inputs;
  assert.deepEqual([one.metadata.namespace, one.data.x], ["external-secrets", "y"]);
  const other = it.resources.find("kubernetes:cilium.io/v2:CiliumNetworkPolicy", "eso-ciliumnetworkpolicy-b").inputs;
  assert.equal(other.metadata.namespace, "c");
});

test("metrics by TLS and for whom the API server admits: flags, the certificate, the rights, and how they are scraped", async () => {
  await it.install({
    metrics: { listen: { auth: { enabled: true }, secure: { secretName: "metrics-tls" } } },
    extraVolumes: [{ name: "ca", emptyDir: {} }],
    serviceMonitor: { tlsConfig: { serverName: "metrics" } },
  });
  const flags = it.container().args.filter((flag) => flag.startsWith("--metrics-"));
  assert.deepEqual(flags, [
    "--metrics-addr=:8080",
    "--metrics-auth=true",
    "--metrics-secure=true",
    "--metrics-cert-dir=/etc/tls",
  ]);
  const certificate = { name: "metrics-certificate", secret: { secretName: "metrics-tls" } };
  assert.deepEqual(it.podSpec().volumes, [certificate, { name: "ca", emptyDir: {} }]);
  assert.deepEqual(it.container().volumeMounts, [
    { name: "metrics-certificate", mountPath: "/etc/tls", readOnly: true },
  ]);
  assert.deepEqual(
    it.rules("ClusterRole", "eso-metrics-auth").map(({ resources }) => resources[0]),
    ["tokenreviews", "subjectaccessreviews"],
  );
  const monitor = it.resources.find("kubernetes:monitoring.coreos.com/v1:ServiceMonitor", "eso-metrics").inputs;
  const { scheme, bearerTokenFile, tlsConfig } = monitor.spec.endpoints[0];
  assert.deepEqual([scheme, tlsConfig], ["https", { serverName: "metrics" }]);
  assert.match(bearerTokenFile, /serviceaccount\/token$/);
});
