import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { type OperatorFixture, operatorFixture, type RegisteredRule } from "./installed-operator.ts";

let it: OperatorFixture;
before(async () => {
  it = await operatorFixture();
});
beforeEach(() => it.resources.clear());

function verbsOn(rules: readonly RegisteredRule[], resource: string): readonly string[] {
  return rules.flatMap(({ resources, verbs }) => (resources.includes(resource) ? verbs : [])).sort();
}

test("the role has the verbs that the controller uses on each resource, and no wildcard", async () => {
  await it.install({ crds: { migrateStorage: false } });
  const rules = it.rules("ClusterRole", "eso-controller");
  const expected = {
    secrets: ["create", "delete", "get", "list", "patch", "watch"],
    configmaps: ["get", "list", "watch"],
    externalsecrets: ["list", "patch", "watch"],
    "externalsecrets/status": ["patch"],
    "externalsecrets/finalizers": ["update"],
    secretstores: ["list", "watch"],
    "secretstores/status": ["patch"],
    clustersecretstores: ["list", "watch"],
    "clustersecretstores/status": ["patch"],
    namespaces: ["list", "watch"],
    events: ["create", "patch"],
    serviceaccounts: ["get"],
    "serviceaccounts/token": ["create"],
  };
  for (const [resource, verbs] of Object.entries(expected)) assert.deepEqual(verbsOn(rules, resource), verbs, resource);
  assert.deepEqual([...new Set(rules.flatMap(({ resources }) => resources))].sort(), Object.keys(expected).sort());
  assert.doesNotMatch(JSON.stringify(rules), /\*/);
});

test("rights that are not wanted are left out", async () => {
  await it.install({
    rbac: { deleteSecrets: false, serviceAccountTokenCreate: false },
    openshiftFinalizers: false,
    processClusterStore: false,
    crds: { migrateStorage: false },
  });
  const rules = it.rules("ClusterRole", "eso-controller");
  assert.deepEqual(verbsOn(rules, "secrets"), ["create", "get", "list", "patch", "watch"]);
  assert.doesNotMatch(JSON.stringify(rules), /serviceaccounts|finalizers|clustersecretstores|namespaces/);
  assert.ok(it.container().args.includes("--enable-cluster-store-reconciler=false"));
});

test("tokens may be limited to service accounts by name", async () => {
  await it.install({ rbac: { serviceAccountTokenCreate: ["vault-login"] } });
  const rules = it.rules("ClusterRole", "eso-controller");
  const token = rules.filter(({ resources }) => resources[0]?.startsWith("serviceaccounts"));
  assert.deepEqual(
    token.map(({ resourceNames }) => resourceNames),
    [["vault-login"], ["vault-login"]],
  );
});

test("the migration of stored objects brings its flag and its rules", async () => {
  await it.install();
  const rules = it.rules("ClusterRole", "eso-controller");
  assert.deepEqual(verbsOn(rules, "customresourcedefinitions/status"), ["patch"]);
  assert.ok(it.container().args.includes("--migrate-storage=true"));
});

test("with namespaces as scope it gets a Role in each, and nothing cluster-wide", async () => {
  const operator = await it.install({ scope: ["team-a", "team-b", "team-a"] });
  assert.deepEqual(it.namesOf("ClusterRole"), []);
  assert.deepEqual(it.namesOf("ClusterRoleBinding"), []);
  assert.deepEqual(it.namesOf("Role"), ["eso-controller-team-a", "eso-controller-team-b"]);
  for (const namespace of ["team-a", "team-b"]) {
    const { inputs } = it.resources.find(
      "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
      `eso-controller-${namespace}`,
    );
    assert.equal(inputs.metadata.namespace, namespace);
    assert.deepEqual(inputs.subjects, [
      { kind: "ServiceAccount", name: "external-secrets", namespace: "external-secrets" },
    ]);
    const rules = it.rules("Role", `eso-controller-${namespace}`);
    assert.doesNotMatch(JSON.stringify(rules), /clustersecretstores|namespaces|serviceaccounts/);
  }
  assert.ok(it.container().args.includes("--namespaces=team-a,team-b"));
  assert.ok(it.container().args.includes("--enable-cluster-store-reconciler=false"));
  assert.ok(!it.container().args.includes("--migrate-storage=true"));
  assert.equal(operator.constructor.name, "ExternalSecretsOperator");
});

test("scopedNamespace is ESO's: one Role, with tokens of service accounts", async () => {
  await it.install({ scopedNamespace: "team-a" });
  assert.deepEqual(verbsOn(it.rules("Role", "eso-controller"), "serviceaccounts/token"), ["create"]);
  assert.ok(it.container().args.includes("--namespaces=team-a"));
});

test("ClusterSecretStores of a scope of namespaces need a ClusterRole that has no right on Secrets", async () => {
  await it.install({ scope: ["team-a"], processClusterStore: true });
  const rules = it.rules("ClusterRole", "eso-cluster");
  assert.deepEqual(verbsOn(rules, "clustersecretstores"), ["list", "watch"]);
  assert.doesNotMatch(JSON.stringify(rules), /"secrets"|serviceaccounts|externalsecrets/);
  assert.ok(!it.container().args.includes("--enable-cluster-store-reconciler=false"));
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
    it.resources.clear();
    await it.install({ genericTargets, ...scope });
    const rules = it.rules(kind, "eso-controller");
    for (const rule of expected) assert.ok(rules.some((one) => isDeepStrictEqual(one, rule)));
    assert.ok(it.container().args.includes("--unsafe-allow-generic-targets=true"));
  }
});

test("people's roles are aggregated into the cluster's, unless a part is not wanted", async () => {
  const labelsOf = (name: string) =>
    Object.keys(
      it.resources.find("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", name).inputs.metadata.labels,
    ).filter((label) => /aggregate|servicebinding/.test(label));
  const to = (role: string) => `rbac.authorization.k8s.io/aggregate-to-${role}`;
  await it.install();
  assert.deepEqual(labelsOf("eso-view"), [to("admin"), to("edit"), to("view")]);
  assert.deepEqual(labelsOf("eso-edit"), [to("admin"), to("edit")]);
  it.resources.clear();
  await it.install({ rbac: { aggregateToView: false, aggregateToEdit: false, servicebindings: { create: true } } });
  assert.deepEqual(it.namesOf("ClusterRole"), ["eso-controller", "eso-edit", "eso-servicebindings"]);
  assert.deepEqual(labelsOf("eso-edit"), [to("admin")]);
  assert.deepEqual(labelsOf("eso-servicebindings"), ["servicebinding.io/controller"]);
});

test("without rbac.create there is no role and no binding, and a delegator is bound only where asked for", async () => {
  await it.install({ rbac: { create: false } });
  assert.doesNotMatch(it.resources.all.map(({ type }) => type).join(), /Role/);
  it.resources.clear();
  await it.install({ systemAuthDelegator: true });
  const { inputs } = it.resources.find(
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
    "eso-auth-delegator",
  );
  assert.equal(inputs.roleRef.name, "system:auth-delegator");
});
