import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";
import { AwsSecretStore, type AwsSecretStoreArgs } from "../../../components/aws/index.ts";
import { ExternalSecret } from "../../../components/external-secret.ts";
import { type RecordedResources, recordResources, settled } from "../recorded-resources.ts";
import { isAllowed } from "./iam-evaluator.ts";

const ISSUER = "oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE";
const irsa = { oidcProviderArn: `arn:aws:iam::123456789012:oidc-provider/${ISSUER}` };

let resources: RecordedResources;
before(async () => {
  resources = await recordResources();
});
beforeEach(() => resources.clear());

const storeNamed = (name: string, args: Partial<AwsSecretStoreArgs> = {}) =>
  new AwsSecretStore(name, {
    service: "SecretsManager",
    region: "eu-central-1",
    accountId: "123456789012",
    namespace: "team-a",
    identity: { irsa },
    ...args,
  });

const reads = (name: string, store: AwsSecretStore, ...keys: string[]) =>
  new ExternalSecret(name, {
    metadata: { name, namespace: "team-a" },
    store,
    spec: { data: keys.map((key) => ({ secretKey: "value", remoteRef: { key } })) },
  });

async function policyOf(store: AwsSecretStore) {
  const documents = await settled(store.policies);
  return (name: string) =>
    isAllowed(documents, {
      action: "secretsmanager:GetSecretValue",
      resource: `arn:aws:secretsmanager:eu-central-1:123456789012:secret:${name}-Ab12Cd`,
    });
}

test("the policy allows what the program's ExternalSecrets read, and nothing beside it", async () => {
  const store = storeNamed("prod");
  reads("db", store, "prod/db");
  new ExternalSecret("api", {
    spec: {
      secretStoreRef: { name: "elsewhere" },
      data: [
        { secretKey: "a", remoteRef: { key: "prod/api" }, sourceRef: { storeRef: store.ref } },
        { secretKey: "b", remoteRef: { key: "elsewhere/secret" } },
      ],
      dataFrom: [{ find: { name: { regexp: "^shared/" } }, sourceRef: { storeRef: store.ref } }],
    },
  });
  const reading = await policyOf(store);
  assert.ok(["prod/db", "prod/api", "shared/x"].every(reading));
  assert.ok(!["prod/web", "elsewhere/secret", "shared"].some(reading));
  await settled(store.store.urn);
  const { inputs } = resources.find("aws:iam/rolePolicy:RolePolicy", "prod");
  assert.equal(inputs.policy, (await settled(store.policies))[0]);
});

test("the policy grows and shrinks with the ExternalSecrets, whatever their order", async () => {
  const [small, large, turned] = [storeNamed("small"), storeNamed("large"), storeNamed("turned")];
  reads("a", small, "one");
  reads("b", large, "one", "two");
  reads("c", turned, "two", "one");
  const [reading, readingMore] = [await policyOf(small), await policyOf(large)];
  assert.deepEqual([reading("one"), reading("two"), readingMore("one"), readingMore("two")], [true, false, true, true]);
  assert.deepEqual(await settled(large.policies), await settled(turned.policies));
});

test("one service account of one namespace takes on the role, and the store acts as it", async () => {
  const store = storeNamed("prod", { prefix: "prod/" });
  reads("db", store, "db");
  await settled(store.store.urn);
  const trust = JSON.parse(resources.find("aws:iam/role:Role", "prod").inputs.assumeRolePolicy);
  assert.deepEqual(trust.Statement, [
    {
      ...{ Effect: "Allow", Principal: { Federated: irsa.oidcProviderArn }, Action: ["sts:AssumeRoleWithWebIdentity"] },
      Condition: {
        StringEquals: {
          [`${ISSUER}:aud`]: "sts.amazonaws.com",
          [`${ISSUER}:sub`]: "system:serviceaccount:team-a:prod",
        },
      },
    },
  ]);
  const { provider } = resources.find("kubernetes:external-secrets.io/v1:SecretStore", "prod").inputs.spec;
  assert.deepEqual(provider.aws, {
    ...{ service: "SecretsManager", region: "eu-central-1", prefix: "prod/" },
    auth: { jwt: { serviceAccountRef: { name: "prod" } } },
  });
  const account = resources.find("kubernetes:core/v1:ServiceAccount", "prod");
  assert.deepEqual(Object.keys(account.inputs.metadata.annotations), ["eks.amazonaws.com/role-arn"]);
  assert.ok((await policyOf(store))("prod/db"));
});

test("a ClusterSecretStore names the namespace of its service account", async () => {
  const store = storeNamed("shared", { kind: "ClusterSecretStore" });
  await settled(store.store.urn);
  const { inputs } = resources.find("kubernetes:external-secrets.io/v1:ClusterSecretStore", "shared");
  assert.deepEqual(inputs.spec.provider.aws.auth.jwt.serviceAccountRef, { name: "shared", namespace: "team-a" });
});

test("by Pod Identity the controller has the role, and no service account is made", async () => {
  const store = storeNamed("prod", { identity: { podIdentity: { clusterName: "main" } } });
  await settled(store.store.urn);
  const { inputs } = resources.find("aws:eks/podIdentityAssociation:PodIdentityAssociation", "prod");
  assert.equal(inputs.clusterName, "main");
  assert.deepEqual([inputs.namespace, inputs.serviceAccount], ["external-secrets", "external-secrets"]);
  assert.equal(resources.ofType("kubernetes:core/v1:ServiceAccount").length, 0);
  const spec = resources.find("kubernetes:external-secrets.io/v1:SecretStore", "prod").inputs.spec;
  assert.deepEqual(spec.provider.aws, { service: "SecretsManager", region: "eu-central-1" });
});

test("a controller with a role of its own assumes that of the store", async () => {
  const controllerRoleArn = "arn:aws:iam::123456789012:role/controller";
  const store = storeNamed("prod", { identity: { assumedBy: { controllerRoleArn } } });
  await settled(store.store.urn);
  const role = resources.find("aws:iam/role:Role", "prod");
  assert.deepEqual(JSON.parse(role.inputs.assumeRolePolicy).Statement[0].Principal, { AWS: controllerRoleArn });
});

test("grants by hand that nobody reads, and reads that a fixed list lacks, are told", async () => {
  const additional = storeNamed("a", { grants: { additional: ["old", "prod/db"] } });
  reads("x", additional, "prod/db");
  assert.deepEqual(await settled(additional.unusedGrants), ["old"]);
  assert.ok((await policyOf(additional))("old"));
  const fixed = storeNamed("b", { grants: { secrets: ["prod/db"] } });
  reads("y", fixed, "prod/api");
  assert.deepEqual(await settled(fixed.missingGrants), ['prod/api (ExternalSecret "y")']);
  assert.ok(!(await policyOf(fixed))("prod/api"));
});

test("grants that are closed explicitly wait for what the program declares after an await", async () => {
  const store = storeNamed("prod", { grants: { close: "explicit" } });
  await new Promise((resolve) => setImmediate(resolve));
  reads("late", store, "late");
  store.closeGrants();
  assert.ok((await policyOf(store))("late"));
  const closed = storeNamed("closed");
  await new Promise((resolve) => setImmediate(resolve));
  assert.throws(() => reads("later", closed, "x"), { message: /ExternalSecret "later" .* AwsSecretStore "closed"/ });
});
