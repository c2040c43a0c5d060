/** What the backend `azurekv` makes of Azure's refusals. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import type { SecretsClient } from "../../providers/contract.ts";
import {
  AccessDenied,
  InvalidConfiguration,
  SecretNotFound,
  type SyncError,
  Transient,
} from "../../providers/errors.ts";
import { CANARY, refusal } from "../contract/refusal.ts";
import { EXAMPLE_APPLICATION } from "../ground/azure/index.ts";
import { issueServerCertificate } from "../ground/pki.ts";
import { bytesOf, type EmulatedAzure, limit, startEmulatedAzure } from "./azurekv-surroundings.ts";

const NOBODY = { clientId: "nobody", secrets: ["nobody-secret"], permissions: [] };

type ErrorClass = Parameters<typeof refusal<SyncError>>[0];

describe("an error of azurekv", () => {
  let azure: EmulatedAzure;
  let client: SecretsClient;

  before(async () => {
    const tls = await issueServerCertificate();
    azure = await startEmulatedAzure({ applications: [EXAMPLE_APPLICATION, NOBODY], tls });
    azure.tables.secrets.add("app", { value: CANARY }, {});
  });
  afterEach(() => client?.close());
  after(() => azure.stop());

  /** The error of one read that is answered so. */
  async function errorOf(expected: ErrorClass, status: number, body: unknown, headers?: Record<string, string>) {
    client = await azure.open({}, { retrySettings: { maxRetries: 0 } });
    azure.failNext({ status, body, matches: /secrets/, ...(headers === undefined ? {} : { headers }) });
    return refusal(expected, client.getSecret({ key: "app" }, limit()));
  }
  const vaultError = (code: string, inner?: string) => ({
    error: { code, message: CANARY, ...(inner === undefined ? {} : { innererror: { code: inner } }) },
  });

  it("carries the request's id and Retry-After", async () => {
    const headers = { "x-ms-request-id": "request-1", "retry-after": "7" };
    const error = await errorOf(Transient, 429, vaultError("Throttled"), headers);
    assert.ok(error instanceof Transient);
    assert.equal(error.retryAfterMs, 7_000);
    assert.match(error.describe(), /secret "app".*\(request request-1\)$/);
  });

  it("is SecretNotFound for Key Vault's own word about that kind of object alone", async () => {
    await errorOf(SecretNotFound, 404, vaultError("SecretNotFound"));
    await errorOf(InvalidConfiguration, 404, vaultError("CertificateNotFound"));
    await errorOf(InvalidConfiguration, 404, vaultError("VaultNotFound"));
    await errorOf(Transient, 404, "not found");
    await errorOf(Transient, 404, { error: "not_found" });
  });

  it("tells a firewall, a disabled object and a missing permission apart", async () => {
    const firewall = await errorOf(AccessDenied, 403, vaultError("Forbidden", "ForbiddenByFirewall"));
    assert.equal(firewall.details.field, "spec.provider.azurekv.vaultUrl");
    assert.match(firewall.details.remedy ?? "", /firewall/);
    const disabled = await errorOf(AccessDenied, 403, vaultError("Forbidden", "SecretDisabled"));
    assert.match(disabled.message, /"app" is disabled/);
    const denied = await errorOf(AccessDenied, 403, vaultError("Forbidden", "ForbiddenByRbac"));
    assert.match(denied.details.remedy ?? "", /"Key Vault Secrets User" on the vault, or "get" for secrets/);
  });

  it("shows of an answer no more than a code that is one word", async () => {
    const odd = await errorOf(Transient, 400, vaultError(`${CANARY} and more`));
    assert.match(odd.message, /not that of Azure Key Vault/);
    assert.match((await errorOf(InvalidConfiguration, 400, vaultError("BadParameter"))).message, /BadParameter/);
  });

  it("names the role for each kind of object and each deed", async () => {
    const secrets = { "azure/id": NOBODY.clientId, "azure/secret": NOBODY.secrets[0] ?? "" };
    client = await azure.open({}, { secrets });
    const cases: readonly (readonly [Promise<unknown>, string])[] = [
      [client.getSecret({ key: "cert/a" }, limit()), "Key Vault Reader"],
      [client.getSecret({ key: "key/a" }, limit()), "Key Vault Reader"],
      [client.findSecrets({ nameRegexp: "a" }, limit()), '"list" for secrets'],
      [client.secretExists({ remoteKey: "a" }, limit()), "Key Vault Secrets User"],
    ];
    for (const [promise, remedy] of cases) {
      assert.ok((await refusal(AccessDenied, promise)).details.remedy?.includes(remedy), remedy);
    }
    assert.equal(await client.validate(limit()), "Ready", "who may only read single secrets is let in, too");
    const reader = { ...NOBODY, clientId: "reader", permissions: ["secrets/get"] };
    const other = await startEmulatedAzure({ applications: [reader] });
    const weak = await other.open({}, { secrets: { ...secrets, "azure/id": "reader" } });
    const denied = await refusal(AccessDenied, weak.pushSecret({ remoteKey: "a" }, bytesOf("v"), limit()));
    assert.match(denied.details.remedy ?? "", /Key Vault Secrets Officer.*"set" for secrets/);
    await other.stop();
  });

  it("is InvalidConfiguration for a certificate that is not trusted, with the variable that helps", async () => {
    client = await azure.open({
      vaultUrl: azure.secureEndpoint,
      customCloudConfig: { activeDirectoryEndpoint: azure.secureEndpoint, keyVaultEndpoint: azure.secureEndpoint },
    });
    const error = await refusal(InvalidConfiguration, client.getSecret({ key: "app" }, limit()));
    assert.match(error.details.remedy ?? "", /NODE_EXTRA_CA_CERTS/);
  });
});
