import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, beforeEach, test } from "node:test";
import { isSecret, output, secret } from "@pulumi/pulumi";
import { declaredServiceAccounts } from "../../components/declared-service-accounts.ts";
import { packageFile } from "../../components/package-file.ts";
import { ClusterSecretStore, SecretStore, type SecretStoreArgs } from "../../components/secret-store.ts";
import { type OperatorFixture, operatorFixture } from "./installed-operator.ts";
import { settled } from "./recorded-resources.ts";

let it: OperatorFixture;
before(async () => {
  it = await operatorFixture();
});
beforeEach(() => it.resources.clear());

const fake = { provider: { fake: { data: [{ key: "a", value: "b" }] } } };
const vault = (serviceAccount: string): SecretStoreArgs["spec"] => ({
  provider: {
    vault: {
      server: "http://127.0.0.1",
      auth: { kubernetes: { mountPath: "kubernetes", role: "app", serviceAccountRef: { name: serviceAccount } } },
    },
  },
});

test("the scope declared serves exactly the namespaces of the stores that name the operator", async () => {
  const operator = it.declare({ scope: "declared" });
  new SecretStore("one", { operator, metadata: { namespace: "team-b" }, spec: fake });
  const two = new SecretStore("two", { operator, metadata: { namespace: output("team-a") }, spec: fake });
  new SecretStore("three", { operator, metadata: output({ namespace: "team-a" }), spec: fake });
  new SecretStore("elsewhere", { metadata: { namespace: "team-c" }, spec: fake });
  await settled(operator.deploymentName);
  await settled(two.urn);
  assert.deepEqual(await settled(operator.servedNamespaces), ["team-a", "team-b"]);
  assert.ok(it.container().args.includes("--namespaces=team-a,team-b"));
  assert.deepEqual(it.namesOf("Role").toSorted(), ["eso-store-one", "eso-store-three", "eso-store-two"]);
  assert.deepEqual(it.namesOf("ClusterRole"), []);
  const { metadata } = it.resources.find("kubernetes:rbac.authorization.k8s.io/v1:Role", "eso-store-two").inputs;
  assert.deepEqual([metadata.namespace, metadata.name], ["team-a", "external-secrets-store-two"]);
});

test("tokens may be created of exactly the service accounts that declared stores name", async () => {
  const operator = it.declare({ scope: { declared: true, additional: ["shared"] } });
  new SecretStore("plain", { operator, metadata: { namespace: "team-a" }, spec: fake });
  new SecretStore("login", { operator, metadata: { namespace: "team-b" }, spec: vault("vault-login") });
  await settled(operator.deploymentName);
  const tokens = (role: string) =>
    it.rules("Role", role).filter(({ resources }) => /^serviceacc/.test(String(resources)));
  assert.deepEqual(tokens("eso-store-plain"), []);
  assert.deepEqual(tokens("eso-controller-shared"), []);
  assert.deepEqual(tokens("eso-store-login"), [
    { apiGroups: [""], resources: ["serviceaccounts"], resourceNames: ["vault-login"], verbs: ["get"] },
    { apiGroups: [""], resources: ["serviceaccounts/token"], resourceNames: ["vault-login"], verbs: ["create"] },
  ]);
});

test("in a list of namespaces a declared store brings the tokens that it needs and nothing else", async () => {
  const operator = it.declare({ scope: ["team-a"], processClusterStore: true });
  new SecretStore("plain", { operator, metadata: { namespace: "team-a" }, spec: fake });
  new SecretStore("login", { operator, metadata: { namespace: "team-a" }, spec: vault("vault-login") });
  new ClusterSecretStore("shared", { operator, spec: vault("shared-login") });
  await settled(operator.deploymentName);
  assert.deepEqual(it.namesOf("Role"), ["eso-controller-team-a", "eso-store-login"]);
  assert.equal(it.rules("Role", "eso-store-login").length, 2);
  assert.deepEqual(it.rules("ClusterRole", "eso-cluster-store-shared")[1]?.resourceNames, ["shared-login"]);
});

test("a store that the operator would not serve is refused with the remedy", async () => {
  const operator = it.declare({ scope: "declared" });
  const store = (name: string, metadata?: { namespace: string }) =>
    new SecretStore(name, { operator, spec: fake, ...(metadata && { metadata }) });
  assert.throws(() => store("nowhere"), /SecretStore "nowhere": metadata.namespace is not set/);
  assert.throws(() => new ClusterSecretStore("c", { operator, spec: fake }), /set processClusterStore of the operator/);
  store("in-time", { namespace: "team-a" });
  await settled(operator.deploymentName);
  assert.throws(
    () => store("late", { namespace: "team-b" }),
    /"late" came after .* name its namespace in scope.additional/,
  );
});

test("declaring may end when the program says so", async () => {
  const operator = it.declare({ scope: { declared: true, close: "explicit" } });
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  new SecretStore("late", { operator, metadata: { namespace: "team-a" }, spec: fake });
  operator.closeScope();
  assert.deepEqual(await settled(operator.servedNamespaces), ["team-a"]);
  await settled(operator.deploymentName);
  assert.throws(
    () => new SecretStore("later", { operator, metadata: { namespace: "team-a" }, spec: fake }),
    /call closeScope\(\) of the operator after the last store/,
  );
});

test("service accounts are found where they are known late, and their names are no secrets", async () => {
  assert.equal(declaredServiceAccounts(fake), undefined);
  const late = declaredServiceAccounts({ provider: output(vault("later").provider) });
  assert.ok(late);
  assert.deepEqual(await settled(late), ["later"]);
  const hidden = declaredServiceAccounts({
    provider: secret({
      vault: { auth: { jwt: { kubernetesServiceAccountToken: { serviceAccountRef: { name: "x" } } } } },
    }),
  });
  assert.ok(hidden);
  assert.deepEqual(await settled(hidden), ["x"]);
  assert.equal(await isSecret(hidden), false);
});

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
}

test("every place of a service account in a store's schema is one that is looked at", async () => {
  const crds: readonly {
    readonly spec: {
      readonly names: { readonly kind: string };
      readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: Schema } }[];
    };
  }[] = JSON.parse(readFileSync(packageFile("crds/all.json"), "utf8"));
  const store = crds.find(({ spec }) => spec.names.kind === "SecretStore");
  const spec = store?.spec.versions[0]?.schema.openAPIV3Schema.properties?.spec;
  const found: string[] = [];
  const walk = async (schema: Schema, path: readonly string[]): Promise<void> => {
    for (const [field, part] of Object.entries(schema.properties ?? {})) {
      if (/^serviceAccount(Ref)?$/.test(field) && part.properties?.audiences !== undefined) {
        const ref: object = [...path, field].reduceRight<object>((inner, key) => ({ [key]: inner }), { name: "x" });
        const names = declaredServiceAccounts(ref);
        assert.ok(names, `${[...path, field]}`);
        assert.deepEqual(await settled(names), ["x"], `${[...path, field]}`);
        found.push(field);
      } else await walk(part, [...path, field]);
    }
  };
  assert.ok(spec);
  await walk(spec, []);
  assert.ok(found.length >= 7);
});
