/** Backends tell each request to their API, by the names of ESO's metric. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { createAwsBackend } from "../../providers/aws/index.ts";
import type { ObservedCall, SecretsClient } from "../../providers/contract.ts";
import { createWebhookBackend } from "../../providers/webhook/index.ts";
import { createStoreContext } from "../contract/store-context.ts";
import { awsContext, EXAMPLE_SPEC } from "./aws-surroundings.ts";
import { startEmulatedAzure } from "./azurekv-surroundings.ts";
import { KEY_AUTH, useGoogle } from "./gcpsm-surroundings.ts";
import { secretAnswer, startScriptedApiServer } from "./kubernetes-surroundings.ts";
import { type ScriptedServer, startScriptedServer } from "./scripted-server.ts";
import { kvAnswer, startScriptedVault } from "./vault-surroundings.ts";

const google = useGoogle();

/** What was told so far, as one line for each request. */
function observer() {
  const lines: string[] = [];
  const observeCall = ({ provider, call, status }: ObservedCall) => void lines.push(`${provider} ${call} ${status}`);
  return { observeCall, lines };
}

async function readBoth(context: TestContext, client: SecretsClient, server?: Pick<ScriptedServer, "stop">) {
  context.after(async () => {
    await client.close();
    await server?.stop();
  });
  await client.getSecret({ key: "there" }, AbortSignal.timeout(10_000));
  await assert.rejects(client.getSecret({ key: "absent" }, AbortSignal.timeout(10_000)));
}

test("AWS Secrets Manager, with a repetition counted as a request", async (context) => {
  let throttled = 1;
  const server = await startScriptedServer(({ body }) => {
    if (throttled-- > 0) return { status: 400, body: { __type: "ThrottlingException" } };
    return body.includes("absent")
      ? { status: 400, body: { __type: "ResourceNotFoundException" } }
      : { body: { Name: "there", SecretString: "value" } };
  });
  const { observeCall, lines } = observer();
  const surroundings = { ...awsContext(server.address), observeCall };
  const backend = createAwsBackend({ random: () => 0.5 });
  await readBoth(context, await backend.open(EXAMPLE_SPEC, surroundings, AbortSignal.timeout(10_000)), server);
  assert.deepEqual(lines, [
    "AWS/SecretsManager GetSecretValue error",
    "AWS/SecretsManager GetSecretValue success",
    "AWS/SecretsManager GetSecretValue error",
  ]);
});

test("Azure Key Vault", async (context) => {
  const azure = await startEmulatedAzure();
  azure.tables.secrets.add("there", { value: "value" }, {});
  const { observeCall, lines } = observer();
  await readBoth(context, await azure.open({}, { observeCall }), azure);
  assert.deepEqual(lines, ["Azure/KeyVault GetSecret success", "Azure/KeyVault GetSecret error"]);
});

test("Google Secret Manager", async (context) => {
  google.emulator().put("there", Buffer.from("value"));
  const { observeCall, lines } = observer();
  const client = await google.open({ auth: KEY_AUTH }, { secrets: google.keySecret(), observeCall });
  await readBoth(context, client);
  await client.findSecrets({ nameRegexp: "^nothing$" }, AbortSignal.timeout(10_000));
  assert.deepEqual(lines, [
    "GCP/SecretManager AccessSecretVersion success",
    "GCP/SecretManager AccessSecretVersion error",
    "GCP/SecretManager ListSecrets success",
  ]);
});

test("Vault, with the login and the end of its token", async (context) => {
  const server = await startScriptedVault(({ url }) => {
    if (url.endsWith("/login")) return { body: { auth: { client_token: "token", lease_duration: 3_600 } } };
    if (url.endsWith("/revoke-self")) return { status: 204 };
    return url.endsWith("/there") ? kvAnswer({ key: "value" }) : undefined;
  });
  const { observeCall, lines } = observer();
  const auth = { appRole: { path: "approle", roleId: "role", secretRef: { name: "vault", key: "token" } } };
  const client = await server.open({ auth }, { observeCall });
  await readBoth(context, client, server);
  await client.close();
  assert.deepEqual(lines, [
    "HashiCorp/Vault Login success",
    "HashiCorp/Vault ReadSecretData success",
    "HashiCorp/Vault ReadSecretData error",
    // Whether the engine is there at all.
    "HashiCorp/Vault ReadSecretData error",
    "HashiCorp/Vault RevokeSelf success",
  ]);
});

test("Kubernetes", async (context) => {
  const server = await startScriptedApiServer(({ url }) =>
    url.endsWith("/there") ? secretAnswer("there", { key: "value" }) : undefined,
  );
  const { observeCall, lines } = observer();
  await readBoth(context, await server.open({}, { observeCall }), server);
  assert.deepEqual(lines.slice(0, 2), ["Kubernetes GetSecret success", "Kubernetes GetSecret error"]);
});

test("Webhook", async (context) => {
  const server = await startScriptedServer(({ url }) => (url === "/there" ? { body: "value" } : { status: 404 }));
  const { observeCall, lines } = observer();
  const spec = { url: `${server.address}/{{ .remoteRef.key }}`, result: {} };
  const backend = createWebhookBackend({ random: () => 0.5 });
  const client = await backend.open(spec, createStoreContext({ observeCall }), AbortSignal.timeout(10_000));
  await readBoth(context, client, server);
  assert.deepEqual(lines, ["Webhook HTTPRequest success", "Webhook HTTPRequest error"]);
});
