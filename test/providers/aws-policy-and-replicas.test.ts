/** What a push to AWS Secrets Manager keeps beside the value. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, test } from "node:test";
import { InvalidConfiguration } from "../../providers/errors.ts";
import { type AwsEmulator, startAwsEmulator } from "../ground/aws/index.ts";
import { EXAMPLE_SECRETS, openAws, signal } from "./aws-surroundings.ts";

const POLICY = '{"Version":"2012-10-17","Statement":[]}';
const SAME_POLICY = '{ "Statement": [], "Version": "2012-10-17" }';

describe("a push to AWS Secrets Manager keeps", () => {
  let server: AwsEmulator;
  beforeEach(async () => {
    server = await startAwsEmulator();
  });
  afterEach(() => server.stop());

  async function withClient(policy: string, work: (client: Awaited<ReturnType<typeof openAws>>) => Promise<void>) {
    const client = await openAws(server.endpoint, {}, { secrets: { ...EXAMPLE_SECRETS, "policy/json": policy } });
    try {
      await work(client);
    } finally {
      await client.close();
    }
  }
  const push = (metadata: object, policy = POLICY) =>
    withClient(policy, (client) => client.pushSecret({ remoteKey: "key", metadata }, Buffer.from("v"), signal()));
  const withPolicy = { resourcePolicy: { policySourceRef: { kind: "Secret", name: "policy", key: "json" } } };

  test("replicas in exactly the regions that are named, from the start and later, and none where none are named", async () => {
    await push({ kmsKeyId: "alias/mine", replicationLocations: ["eu-west-1", "eu-west-2"] });
    const both = { "eu-west-1": "alias/mine", "eu-west-2": "alias/mine" };
    assert.deepEqual(server.surroundings("key")?.replicas, both);
    await push({});
    assert.deepEqual(server.surroundings("key")?.replicas, both);
    await push({ replicationLocations: ["eu-west-2", "us-east-2"] });
    assert.deepEqual(Object.keys(server.surroundings("key")?.replicas ?? {}), ["eu-west-2", "us-east-2"]);
    await push({ replicationLocations: ["eu-west-2", "us-east-2"] });
    assert.equal(server.calls("ReplicateSecretToRegions"), 1);
    assert.equal(server.calls("RemoveRegionsFromReplication"), 1);
    await push({ replicationLocations: [] });
    assert.deepEqual(server.surroundings("key")?.replicas, {});
  });

  test("the resource policy, written only where it says something else, and removed by an empty one", async () => {
    await push(withPolicy);
    assert.equal(server.surroundings("key")?.policy, POLICY);
    await push(withPolicy, SAME_POLICY);
    await push({});
    assert.equal(server.calls("PutResourcePolicy"), 1);
    assert.equal(server.surroundings("key")?.policy, POLICY);
    const changed = POLICY.replace("[]", '[{"Sid":"a"}]');
    await push({ resourcePolicy: { ...withPolicy.resourcePolicy, blockPublicPolicy: true } }, changed);
    assert.equal(server.surroundings("key")?.policy, changed);
    await push(withPolicy, "\n");
    await push(withPolicy, "\n");
    assert.equal(server.surroundings("key")?.policy, undefined);
    assert.equal(server.calls("DeleteResourcePolicy"), 1);
  });

  test("no policy that is no JSON object, and names the field", async () => {
    for (const text of ["c4n4ry", "[]", "null"]) {
      await assert.rejects(push(withPolicy, text), (error) => {
        assert.ok(error instanceof InvalidConfiguration);
        assert.match(error.details.field ?? "", /resourcePolicy\.policySourceRef/);
        assert.doesNotMatch(error.describe(), /c4n4ry/);
        return true;
      });
    }
  });

  test("nothing when the secret is deleted: its replicas go first", async () => {
    await push({ replicationLocations: ["eu-west-1"] });
    await withClient(POLICY, (client) => client.deleteSecret({ remoteKey: "key" }, signal()));
    assert.equal(server.calls("DeleteSecret"), 1);
    assert.deepEqual(server.surroundings("key")?.replicas, {});
  });
});
