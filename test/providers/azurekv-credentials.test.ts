/** The ways in which the backend `azurekv` logs in. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { AzureKvProviderSpec } from "../../api/stores/azurekv.ts";
import { AccessDenied, InvalidConfiguration, type SyncError, Transient } from "../../providers/errors.ts";
import { refusal } from "../contract/refusal.ts";
import type { Surroundings } from "../contract/store-context.ts";
import { createTokenIssuer } from "../ground/aws/web-identity-tokens.ts";
import { EXAMPLE_APPLICATION, EXAMPLE_TENANT } from "../ground/azure/index.ts";
import { rsaCertificate } from "../ground/azure/rsa-certificate.ts";
import { createCertificateAuthority } from "../ground/pki.ts";
import { type EmulatedAzure, limit, SECRET_AUTH, startEmulatedAzure, textOf } from "./azurekv-surroundings.ts";
import { pkcs12Of } from "./pkcs12-file.ts";

const ISSUER = "https://kubernetes.default.svc";
const SUBJECT = "system:serviceaccount:team:app";
/** The clock of the tests begins there. */
const NOW_SECONDS = Date.UTC(2025, 0, 1) / 1_000;
const { clientId } = EXAMPLE_APPLICATION;

describe("azurekv logs in", () => {
  const tokens = createTokenIssuer("RS256");
  let azure: EmulatedAzure;
  let pem: string;
  let folder: string;
  const issue = (sub = SUBJECT, aud: readonly string[] = ["api://AzureADTokenExchange"], exp = NOW_SECONDS + 600) =>
    tokens.issue({ iss: ISSUER, sub, aud, exp });

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "azurekv-"));
    pem = await rsaCertificate();
    azure = await startEmulatedAzure({
      now: () => NOW_SECONDS * 1_000,
      applications: [
        { ...EXAMPLE_APPLICATION, certificates: [pem], federations: [{ issuer: ISSUER, subject: SUBJECT }] },
      ],
      managedIdentities: [
        { clientId: "identity-a", permissions: ["*"] },
        { clientId: "identity-b", permissions: ["*"] },
      ],
      issuers: { [ISSUER]: tokens.jwks },
    });
    azure.tables.secrets.add("app", { value: "the value" }, {});
  });
  after(async () => {
    await azure.stop();
    await rm(folder, { recursive: true });
  });

  async function read(spec: Partial<AzureKvProviderSpec>, surroundings: Surroundings = {}) {
    const client = await azure.open(spec, surroundings);
    try {
      return textOf(await client.getSecret({ key: "app" }, limit()));
    } finally {
      await client.close();
    }
  }

  async function refused(spec: Partial<AzureKvProviderSpec>, surroundings: Surroundings = {}): Promise<SyncError> {
    const secrets = [EXAMPLE_APPLICATION.secrets[0], "BEGIN PRIVATE KEY", issue().split(".")[2] ?? ""];
    const error = await refusal(AccessDenied, read(spec, surroundings), secrets);
    assert.ok(error.details.remedy !== undefined);
    return error;
  }

  const certificateAuth = {
    authSecretRef: { clientId: SECRET_AUTH.clientId, clientCertificate: { name: "azure", key: "pem" } },
  };

  it("as a service principal by its certificate, in whatever order the file is", async () => {
    const [certificate = "", key = ""] = pem.split(/(?=-----BEGIN PRIVATE)/);
    for (const file of [pem, `${key}\n${certificate}`, `Bag Attributes\n${pem}`, pkcs12Of(pem)]) {
      assert.equal(await read(certificateAuth, { secrets: { "azure/pem": file } }), "the value");
    }
  });

  it("not by a certificate that the application does not have", async () => {
    const error = await refused(certificateAuth, { secrets: { "azure/pem": await rsaCertificate("other") } });
    assert.match(error.message, /AADSTS700027/);
    assert.equal(error.details.field, "spec.provider.azurekv.authSecretRef.clientCertificate");
  });

  it("not by what is no certificate with its RSA key, and says what is wrong with it", async () => {
    const other = await rsaCertificate("other");
    const { certificatePem, privateKeyPem } = await createCertificateAuthority();
    const cases: readonly (readonly [string | Uint8Array, RegExp])[] = [
      [Uint8Array.of(0x30, 0x82, 0x01), /is neither PEM nor PKCS#12/],
      [pem.split("-----BEGIN PRIVATE")[0] ?? "", /no unencrypted RSA key/],
      [`${certificatePem}${privateKeyPem}`, /not RSA/],
      [
        `${pem.split("-----BEGIN PRIVATE")[0]}${/-----BEGIN PRIVATE[\s\S]+/.exec(other)?.[0]}`,
        /no certificate of its key/,
      ],
      [pem.replace(/MII\w{8}/, "AAAAAAAAAAA"), /cannot be read/],
    ];
    for (const [file, message] of cases) {
      const reading = read(certificateAuth, { secrets: { "azure/pem": file } });
      assert.match((await refusal(InvalidConfiguration, reading)).message, message);
    }
  });

  it("not by a wrong secret, an unknown client or tenant, and names the field", async () => {
    const secret = await refused({}, { secrets: { "azure/secret": "wrong" } });
    assert.match(secret.message, /AADSTS7000215/);
    assert.equal(secret.details.field, "spec.provider.azurekv.authSecretRef.clientSecret");
    assert.match(secret.details.requestId ?? "", /^[\w-]{36}$/);
    assert.match((await refused({}, { secrets: { "azure/id": "nobody" } })).message, /"nobody" \(AADSTS700016\)/);
    assert.equal((await refused({ tenantId: "other" })).details.field, "spec.provider.azurekv.tenantId");
  });

  it("not for a resource that is none, and says that environmentType may be wrong", async () => {
    const customCloudConfig = { activeDirectoryEndpoint: azure.endpoint, keyVaultEndpoint: "http://127.0.0.1:1" };
    const error = await refusal(InvalidConfiguration, read({ customCloudConfig }));
    assert.equal(error.details.field, "spec.provider.azurekv.environmentType");
  });

  const account = { authType: "WorkloadIdentity", serviceAccountRef: { name: "app" } } as const;
  const annotated = (annotations: Readonly<Record<string, string>>): Surroundings => ({
    issueToken: (_name, audiences) => issue(SUBJECT, audiences),
    readServiceAccountAnnotations: async () => annotations,
  });
  const CLIENT = { "azure.workload.identity/client-id": clientId };

  /** `authSecretRef` is left out. */
  async function readAsAccount(spec: Partial<AzureKvProviderSpec>, surroundings: Surroundings) {
    const client = await azure.openWithout(["authSecretRef"], { ...account, ...spec }, surroundings);
    return textOf(await client.getSecret({ key: "app" }, limit()));
  }

  it("by a service account's token, as its annotations or the store say", async () => {
    const tenant = { "azure.workload.identity/tenant-id": EXAMPLE_TENANT };
    assert.equal(await readAsAccount({}, annotated(CLIENT)), "the value");
    assert.equal(await readAsAccount({}, annotated({ ...CLIENT, ...tenant })), "the value");
    assert.equal(
      await readAsAccount({ tenantId: "" }, { ...annotated(CLIENT), environment: { AZURE_TENANT_ID: EXAMPLE_TENANT } }),
      "the value",
    );
    const authSecretRef = { clientId: SECRET_AUTH.clientId, tenantId: { name: "azure", key: "tenant" } };
    const secrets = { "azure/tenant": `${EXAMPLE_TENANT}\n` };
    assert.equal(await readAsAccount({ authSecretRef }, { ...annotated({}), secrets }), "the value");
  });

  it("not where client or tenant are missing or contradict each other", async () => {
    const other = { "azure.workload.identity/tenant-id": "other" };
    const cases: readonly (readonly [Partial<AzureKvProviderSpec>, Record<string, string>, RegExp])[] = [
      [{}, {}, /no client id/],
      [{ tenantId: "" }, CLIENT, /no tenant id/],
      [{}, { ...CLIENT, ...other }, /tenant id of the store is not that/],
      [
        { authSecretRef: { clientId: SECRET_AUTH.clientId } },
        { "azure.workload.identity/client-id": "other" },
        /client id of the store is not that/,
      ],
    ];
    for (const [spec, annotations, message] of cases) {
      const error = await refusal(InvalidConfiguration, readAsAccount(spec, annotated(annotations)));
      assert.match(error.message, message);
    }
  });

  it("not by a token of another subject, another audience, or one that has ended", async () => {
    const cases: readonly (readonly [string, RegExp])[] = [
      [issue("system:serviceaccount:team:other"), /AADSTS700213/],
      [issue(SUBJECT, ["vault"]), /AADSTS700212/],
      [issue(SUBJECT, undefined, NOW_SECONDS - 1), /AADSTS700024/],
      [createTokenIssuer("RS256").issue({ iss: ISSUER, sub: SUBJECT, exp: NOW_SECONDS + 600 }), /AADSTS7000272/],
    ];
    for (const [token, message] of cases) {
      const surroundings = { ...annotated(CLIENT), issueToken: () => token };
      const error = await refusal(AccessDenied, readAsAccount({}, surroundings), [token]);
      assert.match(error.message, message);
      assert.equal(error.details.field, "spec.provider.azurekv.serviceAccountRef");
    }
  });

  it("by the token in the controller's own pod, which no SecretStore may send elsewhere", async () => {
    const path = join(folder, "token");
    await writeFile(path, `${issue()}\n`);
    const environment = {
      AZURE_CLIENT_ID: clientId,
      AZURE_TENANT_ID: EXAMPLE_TENANT,
      AZURE_FEDERATED_TOKEN_FILE: path,
    };
    const spec = { authType: "WorkloadIdentity" } as const;
    const own = (surroundings: Surroundings) => azure.openWithout(["authSecretRef"], spec, surroundings);
    const value = async (surroundings: Surroundings) =>
      textOf(await (await own(surroundings)).getSecret({ key: "app" }, limit()));
    const foreign = await refusal(InvalidConfiguration, value({ environment }));
    assert.match(foreign.message, /may not send the controller's own token/);
    assert.equal(await value({ environment: { ...environment, AZURE_AUTHORITY_HOST: azure.endpoint } }), "the value");
    const store = { kind: "ClusterSecretStore", name: "store" } as const;
    assert.equal(await value({ environment, store }), "the value");
    await refusal(InvalidConfiguration, value({ environment: {}, store }));
    const missing = { ...environment, AZURE_FEDERATED_TOKEN_FILE: join(folder, "nothing") };
    assert.match(
      (await refusal(InvalidConfiguration, value({ environment: missing, store }))).message,
      /cannot be read/,
    );
  });

  const managed = { authType: "ManagedIdentity", identityId: "identity-b" } as const;

  it("by a managed identity of the node, or of App Service", async () => {
    const environment = { AZURE_POD_IDENTITY_AUTHORITY_HOST: azure.endpoint };
    assert.equal(await read(managed, { environment }), "the value");
    const service = { IDENTITY_ENDPOINT: `${azure.endpoint}/msi/token`, IDENTITY_HEADER: azure.identityHeader };
    assert.equal(await read(managed, { environment: service }), "the value");
  });

  it("not by an identity that the node does not have, nor by any of several", async () => {
    const environment = { AZURE_POD_IDENTITY_AUTHORITY_HOST: azure.endpoint };
    assert.match((await refused({ ...managed, identityId: "other" }, { environment })).message, /"other"/);
    assert.match((await refused({ authType: "ManagedIdentity" }, { environment })).details.remedy ?? "", /client id/);
    await refused(managed, {
      environment: { IDENTITY_ENDPOINT: `${azure.endpoint}/msi/token`, IDENTITY_HEADER: "wrong" },
    });
  });

  it("not by a kind of managed identity that is not served, and waits for one that is not ready", async () => {
    const arc = { IDENTITY_ENDPOINT: "http://localhost:40342/metadata/identity/oauth2/token" };
    await refusal(InvalidConfiguration, read(managed, { environment: arc }));
    azure.failNext({ status: 410, matches: /metadata/, count: 9 });
    await refusal(Transient, read(managed, { environment: { AZURE_POD_IDENTITY_AUTHORITY_HOST: azure.endpoint } }));
  });
});
