/** The emulator of Azure as the official client libraries see it: what they expect of Azure, they find here. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import tls from "node:tls";
import {
  ClientCertificateCredential,
  ClientSecretCredential,
  ManagedIdentityCredential,
  WorkloadIdentityCredential,
} from "@azure/identity";
import { CertificateClient } from "@azure/keyvault-certificates";
import { KeyClient } from "@azure/keyvault-keys";
import { SecretClient } from "@azure/keyvault-secrets";
import { createTokenIssuer } from "../aws/web-identity-tokens.ts";
import { issueServerCertificate } from "../index.ts";
import { type AzureEmulator, EXAMPLE_APPLICATION, EXAMPLE_TENANT, startAzureEmulator } from "./index.ts";
import { rsaCertificate } from "./rsa-certificate.ts";

const ISSUER = "https://kubernetes.default.svc";
const SUBJECT = "system:serviceaccount:team:app";
const MANAGED = { clientId: "managed-identity", permissions: ["secrets/get"] };
const READER = { clientId: "reader", secrets: ["reader-secret"], permissions: ["secrets/get"] };

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe("the official clients find of the emulator of Azure that", { timeout: 60_000 }, () => {
  const tokens = createTokenIssuer("RS256");
  let emulator: AzureEmulator;
  let folder: string;
  let pem: string;
  let authority: { readonly authorityHost: string; readonly disableInstanceDiscovery: true };
  // The challenge's resource is Azure's, the vault is on loopback.
  const options = { disableChallengeResourceVerification: true, retryOptions: { maxRetries: 2, retryDelayInMs: 1 } };
  const secretsAs = (clientId: string, secret: string) =>
    new SecretClient(
      emulator.secureEndpoint,
      new ClientSecretCredential(EXAMPLE_TENANT, clientId, secret, authority),
      options,
    );
  const secrets = () => secretsAs(EXAMPLE_APPLICATION.clientId, EXAMPLE_APPLICATION.secrets[0]);
  const credential = () =>
    new ClientSecretCredential(EXAMPLE_TENANT, EXAMPLE_APPLICATION.clientId, EXAMPLE_APPLICATION.secrets[0], authority);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "azure-clients-"));
    pem = await rsaCertificate();
    const server = await issueServerCertificate();
    // For this process alone: each file of tests has its own.
    tls.setDefaultCACertificates([...tls.getCACertificates("default"), server.caPem]);
    const federations = [{ issuer: ISSUER, subject: SUBJECT }];
    emulator = await startAzureEmulator({
      resource: "https://vault.azure.net",
      tls: server,
      applications: [{ ...EXAMPLE_APPLICATION, certificates: [pem], federations }, READER],
      managedIdentities: [MANAGED],
      issuers: { [ISSUER]: tokens.jwks },
    });
    authority = { authorityHost: emulator.secureEndpoint, disableInstanceDiscovery: true };
    emulator.tables.secrets.add("kept", { value: "kept value" }, {});
  });
  after(async () => {
    await emulator.stop();
    await rm(folder, { recursive: true });
  });

  it("a secret that is set is read back with its tags, and by its versions", async () => {
    const client = secrets();
    const { properties } = await client.setSecret("app", "one", {
      tags: { team: "a" },
      contentType: "text/plain",
      expiresOn: new Date(Date.UTC(2030, 0, 1)),
    });
    await client.setSecret("app", "two");
    const first = await client.getSecret("app", { version: properties.version ?? "" });
    assert.equal(first.value, "one");
    assert.deepEqual(first.properties.tags, { team: "a" });
    assert.equal(first.properties.contentType, "text/plain");
    assert.equal(first.properties.expiresOn?.getTime(), Date.UTC(2030, 0, 1));
    assert.equal((await client.getSecret("app")).value, "two");
    assert.equal((await all(client.listPropertiesOfSecretVersions("app"))).length, 2);
  });

  it("lists come in pages of 25, without values", async () => {
    for (let index = 0; index < 30; index++) emulator.tables.secrets.add(`page-${index}`, { value: "v" }, {});
    const pages = await all(secrets().listPropertiesOfSecrets().byPage());
    assert.ok(pages.length > 1);
    assert.equal(pages[0]?.length, 25);
    const names = pages.flat().map(({ name }) => name);
    assert.equal(names.filter((name) => name.startsWith("page-")).length, 30);
  });

  it("what is not there, disabled or not permitted has Azure's status and code", async () => {
    const client = secrets();
    await assert.rejects(client.getSecret("nothing"), { statusCode: 404, code: "SecretNotFound" });
    await assert.rejects(client.getSecret("kept", { version: "0".repeat(32) }), { code: "SecretNotFound" });
    await assert.rejects(client.setSecret("wrong_name", "v"), { statusCode: 400, code: "BadParameter" });
    await client.setSecret("disabled", "v", { enabled: false });
    await assert.rejects(client.getSecret("disabled"), { statusCode: 403, code: "Forbidden" });
    const reader = secretsAs(READER.clientId, "reader-secret");
    assert.equal((await reader.getSecret("kept")).value, "kept value");
    await assert.rejects(reader.setSecret("kept", "v"), { statusCode: 403, code: "Forbidden" });
  });

  it("a deleted secret is gone, keeps its name, and can be recovered", async () => {
    const client = secrets();
    await client.setSecret("deleted", "v");
    await (await client.beginDeleteSecret("deleted", { intervalInMs: 1 })).pollUntilDone();
    await assert.rejects(client.getSecret("deleted"), { code: "SecretNotFound" });
    await assert.rejects(client.setSecret("deleted", "w"), { statusCode: 409, code: "Conflict" });
    await (await client.beginRecoverDeletedSecret("deleted", { intervalInMs: 1 })).pollUntilDone();
    assert.equal((await client.getSecret("deleted")).value, "v");
  });

  it("a certificate that is imported is there with its secret and its key", async () => {
    const client = new CertificateClient(emulator.secureEndpoint, credential(), options);
    const policy = { contentType: "application/x-pem-file", issuerName: "Self", subject: "CN=app" } as const;
    await client.importCertificate("web", Buffer.from(pem), { policy });
    const { cer } = await client.getCertificate("web");
    assert.ok(
      pem.includes(
        Buffer.from(cer ?? [])
          .toString("base64")
          .slice(0, 64),
      ),
    );
    assert.match((await secrets().getSecret("web")).value ?? "", /BEGIN CERTIFICATE/);
    const keys = new KeyClient(emulator.secureEndpoint, credential(), options);
    assert.equal((await keys.getKey("web")).keyType, "RSA");
    await assert.rejects(client.getCertificate("nothing"), { code: "CertificateNotFound" });
    await assert.rejects(keys.getKey("nothing"), { code: "KeyNotFound" });
  });

  it("a wrong secret and an unknown application are refused by their numbers", async () => {
    await assert.rejects(secretsAs(EXAMPLE_APPLICATION.clientId, "wrong").getSecret("kept"), /AADSTS7000215/);
    await assert.rejects(secretsAs("nobody", "x").getSecret("kept"), /AADSTS700016/);
  });

  it("a certificate, a federated token and a managed identity log in, and another subject does not", async () => {
    const { clientId } = EXAMPLE_APPLICATION;
    const read = async (identity: ConstructorParameters<typeof SecretClient>[1]) =>
      (await new SecretClient(emulator.secureEndpoint, identity, options).getSecret("kept")).value;
    const certificate = { certificate: pem };
    assert.equal(
      await read(new ClientCertificateCredential(EXAMPLE_TENANT, clientId, certificate, authority)),
      "kept value",
    );
    const federated = async (sub: string) => {
      const tokenFilePath = join(folder, sub.replaceAll(":", "-"));
      const exp = Math.floor(Date.now() / 1_000) + 600;
      await writeFile(tokenFilePath, tokens.issue({ sub, aud: ["api://AzureADTokenExchange"], iss: ISSUER, exp }));
      return read(new WorkloadIdentityCredential({ tenantId: EXAMPLE_TENANT, clientId, tokenFilePath, ...authority }));
    };
    assert.equal(await federated(SUBJECT), "kept value");
    await assert.rejects(federated("system:serviceaccount:team:other"), /AADSTS700213/);
    process.env.AZURE_POD_IDENTITY_AUTHORITY_HOST = emulator.endpoint;
    assert.equal(await read(new ManagedIdentityCredential({ clientId: MANAGED.clientId })), "kept value");
  });

  it("a request that is throttled once is served when it is repeated", async () => {
    const client = secrets();
    await client.getSecret("kept");
    const body = { error: { code: "Throttled", message: "" } };
    emulator.failNext({ status: 429, body, headers: { "retry-after": "1" }, matches: /^GET \/secrets\/kept/ });
    assert.equal((await client.getSecret("kept")).value, "kept value");
  });
});
