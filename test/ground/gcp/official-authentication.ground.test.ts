/** The emulator of Google's services as the official authentication library sees it: what it expects of Google, it finds here. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { AwsClient, Compute, IdentityPoolClient, Impersonated, JWT, UserRefreshClient } from "google-auth-library";
import { EXAMPLE_CREDENTIALS, startAwsEmulator } from "../aws/index.ts";
import { createTokenIssuer } from "../aws/web-identity-tokens.ts";
import { accountOf, type GoogleEmulator, PROJECT, PROJECT_NUMBER, startGoogleEmulator } from "./index.ts";
import { SCOPES, transporterTo } from "./official-clients.ts";

const POOL = `//iam.googleapis.com/projects/${PROJECT_NUMBER}/locations/global/workloadIdentityPools/pool`;

let emulator: GoogleEmulator;
before(async () => {
  emulator = await startGoogleEmulator();
});
after(() => emulator.stop());

describe("the official authentication library finds that", { timeout: 60_000 }, () => {
  const issuer = createTokenIssuer();
  const claims = { iss: "https://cluster", sub: "system:serviceaccount:team:app", exp: Date.now() / 1_000 + 600 };
  const transporter = () => transporterTo(emulator.endpoint);
  const tokenOf = async (client: { getAccessToken(): Promise<{ token?: string | null | undefined }> }) =>
    (await client.getAccessToken()).token ?? "";
  const principalOf = (token: string) =>
    emulator.principals.authenticate({
      method: "GET",
      path: "/",
      query: new URLSearchParams(),
      headers: { authorization: `Bearer ${token}` },
      body: "",
    });
  const federated = (subject: string, options: object = {}) =>
    new IdentityPoolClient({
      audience: `${POOL}/providers/cluster`,
      subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
      token_url: `${emulator.endpoint}/v1/token`,
      subject_token_supplier: { getSubjectToken: async () => subject },
      transporter: transporter(),
      ...options,
    });

  before(() => {
    emulator.addProvider({
      audience: `${POOL}/providers/cluster`,
      oidc: { issuer: "https://cluster", jwks: issuer.jwks },
    });
    const member = `principal:${POOL}/subject/${claims.sub}`;
    emulator.principals.createAccount(accountOf("target"), [member, `serviceAccount:${accountOf("source")}`]);
  });

  it("a subject token becomes a federated one, and that one of a service account", async () => {
    const subject = issuer.issue({ ...claims, aud: `https:${POOL}/providers/cluster` });
    assert.equal(principalOf(await tokenOf(federated(subject))), `principal:${POOL}/subject/${claims.sub}`);
    const service_account_impersonation_url = `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${accountOf("target")}:generateAccessToken`;
    const client = federated(subject, { service_account_impersonation_url });
    assert.equal(principalOf(await tokenOf(client)), `serviceAccount:${accountOf("target")}`);
  });

  it("a wrong audience, issuer or signature, and a token that has ended, are refused", async () => {
    const aud = `https:${POOL}/providers/cluster`;
    const wrong = [
      issuer.issue({ ...claims, aud: "elsewhere" }),
      issuer.issue({ ...claims, aud, iss: "https://other" }),
      createTokenIssuer().issue({ ...claims, aud }),
      issuer.issue({ ...claims, aud, exp: 1 }),
    ];
    for (const subject of wrong) await assert.rejects(tokenOf(federated(subject)), /invalid_grant/);
  });

  it("an identity of AWS is one of Google, once AWS has accepted its signed request", async (context) => {
    const aws = await startAwsEmulator();
    context.after(() => aws.stop());
    emulator.addProvider({ audience: `${POOL}/providers/aws`, awsEndpoint: aws.endpoint });
    const clientWith = (secretAccessKey: string) =>
      new AwsClient({
        audience: `${POOL}/providers/aws`,
        subject_token_type: "urn:ietf:params:aws:token-type:aws4_request",
        token_url: `${emulator.endpoint}/v1/token`,
        aws_security_credentials_supplier: {
          getAwsRegion: async () => "eu-central-1",
          getAwsSecurityCredentials: async () => ({ accessKeyId: EXAMPLE_CREDENTIALS.accessKeyId, secretAccessKey }),
        },
        transporter: transporter(),
      });
    assert.match(principalOf(await tokenOf(clientWith(EXAMPLE_CREDENTIALS.secretAccessKey))), /subject\/arn:aws:/);
    await assert.rejects(tokenOf(clientWith("wrong")), /invalid_grant/);
  });

  it("a refresh token and a source account give tokens", async () => {
    emulator.addRefreshToken("refresh", "user:me@example.com");
    const user = new UserRefreshClient({
      clientId: "c",
      clientSecret: "s",
      refreshToken: "refresh",
      transporter: transporter(),
    });
    assert.equal(principalOf(await tokenOf(user)), "user:me@example.com");
    const { client_email: email, private_key: key, private_key_id: keyId } = emulator.accountKey("source");
    const sourceClient = new JWT({ email, key, keyId, scopes: SCOPES, transporter: transporter() });
    const options = {
      sourceClient,
      targetPrincipal: accountOf("target"),
      targetScopes: SCOPES,
      lifetime: 600,
      delegates: [],
    };
    assert.equal(
      principalOf(await tokenOf(new Impersonated({ ...options, transporter: transporter() }))),
      `serviceAccount:${accountOf("target")}`,
    );
  });

  it("the metadata server gives the machine's token", async () => {
    // For this process alone: each file of tests has its own.
    process.env.GCE_METADATA_HOST = new URL(emulator.endpoint).host;
    emulator.setMachine({ project: PROJECT, account: accountOf("machine") });
    assert.equal(principalOf(await tokenOf(new Compute())), `serviceAccount:${accountOf("machine")}`);
  });
});
