import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, test } from "node:test";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import type { AwsProviderSpec } from "../../api/stores/aws.ts";
import type { SecretsClient } from "../../providers/contract.ts";
import { AccessDenied } from "../../providers/errors.ts";
import { type AwsEmulator, EXAMPLE_CREDENTIALS, startAwsEmulator } from "../ground/aws/index.ts";
import { createTokenIssuer } from "../ground/aws/web-identity-tokens.ts";
import { type AwsSurroundings, openAws, signal, text, WakingClock } from "./aws-surroundings.ts";

const ROLE = (name: string) => `arn:aws:iam::123456789012:role/${name}`;

describe("the controller's own AWS credentials", () => {
  let emulator: AwsEmulator;
  let folder: string;
  const clock = new WakingClock();
  const issuer = createTokenIssuer();
  const opened: SecretsClient[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "aws-credentials-"));
    emulator = await startAwsEmulator({
      now: () => clock.now(),
      webIdentity: { jwks: issuer.jwks },
      roles: [{ name: "first" }],
    });
    emulator.put("key", "value");
  });
  afterEach(() => Promise.all(opened.splice(0).map((client) => client.close())));
  after(async () => {
    await emulator.stop();
    await rm(folder, { recursive: true });
  });

  async function open(spec: Partial<AwsProviderSpec>, surroundings: AwsSurroundings = {}) {
    const client = await openAws(emulator.endpoint, spec, { clock, ...surroundings });
    opened.push(client);
    return client;
  }
  const read = async (client: SecretsClient) => text(await client.getSecret({ key: "key" }, signal()));

  async function assumeFirst() {
    const sts = new STSClient({ endpoint: emulator.endpoint, region: "us-east-1", credentials: EXAMPLE_CREDENTIALS });
    const input = { RoleArn: ROLE("first"), RoleSessionName: "pod" };
    const { Credentials } = await sts.send(new AssumeRoleCommand(input));
    sts.destroy();
    assert.ok(Credentials !== undefined);
    return Credentials;
  }

  test("are access keys of the environment, for an empty jwt block as for an empty auth", async () => {
    const environment = {
      AWS_ACCESS_KEY_ID: EXAMPLE_CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: EXAMPLE_CREDENTIALS.secretAccessKey,
    };
    for (const auth of [{ jwt: {} }, {}]) {
      const client = await open({ auth }, { environment });
      assert.equal(await client.validate(signal()), "Ready");
      assert.equal(await read(client), "value");
    }
  });

  test("come of a token file (IRSA)", async () => {
    const file = join(folder, "token");
    await writeFile(file, issuer.issue({ sub: "system:serviceaccount:eso:eso", exp: clock.now() / 1000 + 600 }));
    const environment = {
      AWS_WEB_IDENTITY_TOKEN_FILE: file,
      AWS_ROLE_ARN: ROLE("first"),
      AWS_ROLE_SESSION_NAME: "irsa",
    };
    assert.equal(await read(await open({ auth: { jwt: {} } }, { environment })), "value");
    assert.equal(emulator.sessions().at(-1)?.sessionName, "irsa");
  });

  test("come of the container endpoint (Pod Identity)", async () => {
    const session = await assumeFirst();
    const server = createServer((request, response) => {
      const isAllowed = request.headers.authorization === "pod-token";
      response.writeHead(isAllowed ? 200 : 401, { "content-type": "application/json" });
      const { SessionToken: Token, ...rest } = session;
      response.end(JSON.stringify({ ...rest, Token }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const tokenFile = join(folder, "pod-token");
    await writeFile(tokenFile, "pod-token");
    const environment = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/credentials`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile,
    };
    try {
      assert.equal(await read(await open({ auth: {} }, { environment })), "value");
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test("come of a profile that assumes a role", async () => {
    const file = join(folder, "credentials");
    const { accessKeyId, secretAccessKey } = EXAMPLE_CREDENTIALS;
    await writeFile(
      file,
      `[base]\naws_access_key_id=${accessKeyId}\naws_secret_access_key=${secretAccessKey}\n` +
        `[work]\nrole_arn=${ROLE("first")}\nsource_profile=base\n`,
    );
    const environment = { AWS_PROFILE: "work", AWS_SHARED_CREDENTIALS_FILE: file };
    assert.equal(await read(await open({ auth: {} }, { environment })), "value");
    assert.equal(emulator.sessions().at(-1)?.roleArn, ROLE("first"));
  });

  test("that are not there are reported with what to set up", async () => {
    const client = await open({ auth: { jwt: {} } });
    await assert.rejects(client.validate(signal()), (error) => {
      assert.ok(error instanceof AccessDenied);
      assert.equal(error.details.field, "spec.provider.aws.auth");
      assert.match(error.details.remedy ?? "", /IRSA or EKS Pod Identity/);
      return true;
    });
  });
});
