/** The example `aws-eks`, run: the roles' tokens are checked against the cluster's keys, and their policies are evaluated. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { isAllowed } from "../components/aws/iam-evaluator.ts";
import { type AwsEmulator, startAwsEmulator } from "../ground/aws/index.ts";
import { clusterIssuer } from "../ground/cluster-issuer.ts";
import { waitUntil } from "../ground/index.ts";
import { type ExampleGround, startExampleGround } from "./example-ground.ts";
import { type ExampleProgram, openExample } from "./example-program.ts";
import { secretValues } from "./seen-in-cluster.ts";

const ACCOUNT = "123456789012";
const REGION = "us-east-1";

describe("the example aws-eks", () => {
  let aws: AwsEmulator;
  let ground: ExampleGround;
  let example: ExampleProgram;

  const valuesOf = (name: string) => secretValues(ground.controlPlane, "shop", name);
  const deployedAnnotations = async () =>
    (
      await ground.controlPlane.kubectl([
        ...["get", "deployment", "shop", "--namespace", "shop", "--output"],
        "jsonpath={.spec.template.metadata.annotations}",
      ])
    ).stdout;

  before(async () => {
    aws = await startAwsEmulator({ region: REGION });
    aws.put("shop/database", JSON.stringify({ username: "shop", password: "first password" }));
    aws.parameters.put("/shop/settings/log-level", "debug");
    aws.parameters.put("/shop/other", "nobody asked");
    const { endpoint } = aws;
    ground = await startExampleGround({
      AWS_SECRETSMANAGER_ENDPOINT: endpoint,
      AWS_SSM_ENDPOINT: endpoint,
      AWS_STS_ENDPOINT: endpoint,
    });
    const { controlPlane } = ground;
    const { issuer, jwks } = await clusterIssuer(controlPlane);
    aws.trust({ issuer, jwks });
    example = await openExample("aws-eks", {
      env: { KUBECONFIG: controlPlane.kubeconfigPath },
      config: {
        image: "example/external-secrets",
        applicationImage: "example/shop",
        region: REGION,
        oidcProviderArn: `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer.replace("https://", "")}`,
      },
    });
  });
  after(async () => {
    await example?.[Symbol.asyncDispose]();
    await ground?.stop();
    await aws?.stop();
  });

  test("reads both services as roles of the stores' own service accounts", async () => {
    await example.pulumi.up();
    assert.deepEqual(await valuesOf("database"), { username: "shop", password: "first password" });
    assert.deepEqual(await valuesOf("settings"), { "log-level": "debug" });
    const { roleArns } = await example.pulumi.outputs();
    const assumed = new Set(aws.sessions().map(({ roleArn }) => roleArn));
    assert.deepEqual(assumed, new Set(roleArns as readonly string[]));
    const callers = new Set(aws.sessions().map(({ assumedBy }) => assumedBy));
    assert.ok(callers.has("web-identity:system:serviceaccount:shop:shop-secrets"), [...callers].join());
  });

  test("grants what the ExternalSecrets read, and nothing beside it", async () => {
    const [secrets = [], parameters = []] = (await example.pulumi.outputs()).policies as string[][];
    const secret = (name: string) => ({
      action: "secretsmanager:GetSecretValue",
      resource: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${name}-a1B2c3`,
    });
    const parameter = (action: string, path: string) => ({
      action: `ssm:${action}`,
      resource: `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter${path}`,
    });
    assert.equal(isAllowed(secrets, secret("shop/database")), true);
    assert.equal(isAllowed(secrets, secret("shop/database-replica")), false);
    assert.equal(isAllowed(secrets, secret("other/database")), false);
    assert.equal(isAllowed(parameters, parameter("GetParametersByPath", "/shop/settings")), true);
    assert.equal(isAllowed(parameters, parameter("GetParametersByPath", "/shop")), false);
    assert.equal(isAllowed(parameters, parameter("GetParameter", "/shop/other")), false);
  });

  test("rolls the Deployment in the up that follows a change of the content, and in no other", async () => {
    const before = await deployedAnnotations();
    await example.pulumi.up({ args: ["--expect-no-changes"] });
    aws.put("shop/database", JSON.stringify({ username: "shop", password: "second password" }));
    await ground.controlPlane.kubectl([
      ...["annotate", "externalsecret", "database", "force-sync=1", "--namespace", "shop"],
    ]);
    await waitUntil("the new password", async () => (await valuesOf("database"))?.password === "second password");
    await example.pulumi.up();
    assert.notEqual(await deployedAnnotations(), before);
    await example.pulumi.refresh();
    await example.pulumi.up({ args: ["--expect-no-changes"] });
  });

  test("keeps every value out of the state, of what is printed and of the controller's log", async () => {
    const seen = JSON.stringify(await example.pulumi.exportStack()) + example.output() + (await ground.pods.output());
    for (const value of ["first password", "second password", "nobody asked"]) {
      assert.ok(!seen.includes(value) && !seen.includes(Buffer.from(value).toString("base64")), value);
    }
  });

  test("destroys all that it made", async () => {
    await example.pulumi.destroy();
    const { stdout } = await ground.controlPlane.kubectl(["get", "namespaces", "--output", "name"]);
    assert.doesNotMatch(stdout, /namespace\/(shop|external-secrets)/);
  });
});
