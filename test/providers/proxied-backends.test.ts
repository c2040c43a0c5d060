/** Every backend that calls a server does so by the proxy of the environment, and nothing goes past it. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { systemClock } from "../../api/clock.ts";
import type { ProviderSpec } from "../../api/provider-spec.ts";
import type { RemoteRef } from "../../providers/contract.ts";
import { AccessDenied, InvalidConfiguration, type SyncError, Transient } from "../../providers/errors.ts";
import { crc32c } from "../../providers/gcpsm/crc32c.ts";
import { bindBackend } from "../../providers/index.ts";
import { createStoreContext, type Surroundings } from "../contract/store-context.ts";
import { WakingClock } from "../contract/waking-clock.ts";
import { type ConnectProxy, type ConnectProxyOptions, startConnectProxy } from "../ground/connect-proxy.ts";
import { issueServerCertificate } from "../ground/pki.ts";
import {
  type ScriptedAnswer,
  type ScriptedRequest,
  type ScriptedServer,
  startScriptedServer,
} from "./scripted-server.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** Each host that is called, and its answer; no name server knows the hosts below `example`. */
const ANSWERS: Readonly<Record<string, (request: ScriptedRequest) => ScriptedAnswer>> = {
  "secretsmanager.eu-central-1.amazonaws.com": () => ({ body: { Name: "key", SecretString: "value" } }),
  "ssm.eu-central-1.amazonaws.com": () => ({ body: { Parameter: { Name: "key", Value: "value" } } }),
  "login.microsoftonline.com": () => ({ body: { access_token: "token", expires_in: 3600, token_type: "Bearer" } }),
  "team.vault.azure.net": () => ({ body: { value: "value", id: "https://team.vault.azure.net/secrets/key/1" } }),
  "oauth2.googleapis.com": () => ({ body: { access_token: "token", expires_in: 3600, token_type: "Bearer" } }),
  "secretmanager.googleapis.com": () => ({
    body: {
      name: "projects/1/secrets/key/versions/1",
      payload: { data: base64("value"), dataCrc32c: String(crc32c(Buffer.from("value"))) },
    },
  }),
  "vault.example": () => ({ body: { data: { data: { key: "value" }, metadata: { version: 1 } } } }),
  "kubernetes.example": () => ({
    body: { kind: "Secret", apiVersion: "v1", metadata: { name: "key" }, data: { key: base64("value") } },
  }),
  "webhook.example": () => ({ body: "value" }),
};

interface Case {
  readonly provider: ProviderSpec;
  readonly ref?: RemoteRef;
  readonly hosts: readonly string[];
}

const TOKEN = { name: "login", key: "token" };
const PAIR = { secretRef: { accessKeyIDSecretRef: TOKEN, secretAccessKeySecretRef: TOKEN } };
const AWS = { region: "eu-central-1", auth: PAIR };
const WITH_PROPERTY = { key: "key", property: "key" };

const CASES: Readonly<Record<string, Case>> = {
  "AWS Secrets Manager": {
    provider: { aws: { service: "SecretsManager", ...AWS } },
    hosts: ["secretsmanager.eu-central-1.amazonaws.com"],
  },
  "AWS Parameter Store": {
    provider: { aws: { service: "ParameterStore", ...AWS } },
    hosts: ["ssm.eu-central-1.amazonaws.com"],
  },
  "Azure Key Vault": {
    provider: {
      azurekv: {
        vaultUrl: "https://team.vault.azure.net",
        tenantId: "tenant",
        authSecretRef: { clientId: TOKEN, clientSecret: TOKEN },
      },
    },
    hosts: ["login.microsoftonline.com", "team.vault.azure.net"],
  },
  "Google Secret Manager": {
    provider: {
      gcpsm: {
        projectID: "project",
        auth: { secretRef: { secretAccessKeySecretRef: { name: "google", key: "key" } } },
      },
    },
    hosts: ["oauth2.googleapis.com", "secretmanager.googleapis.com"],
  },
  Vault: {
    provider: { vault: { server: "https://vault.example:8200", path: "secret", auth: { tokenSecretRef: TOKEN } } },
    ref: WITH_PROPERTY,
    hosts: ["vault.example:8200"],
  },
  Kubernetes: {
    provider: {
      kubernetes: { server: { url: "https://kubernetes.example:6443" }, auth: { token: { bearerToken: TOKEN } } },
    },
    ref: WITH_PROPERTY,
    hosts: ["kubernetes.example:6443"],
  },
  Webhook: {
    provider: { webhook: { url: "https://webhook.example/{{ .remoteRef.key }}" } },
    hosts: ["webhook.example"],
  },
};

const authorities = getCACertificates("default");
let server: ScriptedServer;
let port: number;
let authority: string;
let googleKey: string;

before(async () => {
  const certificate = await issueServerCertificate(Object.keys(ANSWERS));
  authority = certificate.caPem;
  setDefaultCACertificates([...authorities, authority]);
  server = await startScriptedServer(
    (request) => ANSWERS[(request.headers.host ?? "").replace(/:\d+$/, "")]?.(request) ?? { status: 500 },
    { cert: certificate.certificatePem, key: certificate.privateKeyPem },
  );
  port = Number(new URL(server.address).port);
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  googleKey = JSON.stringify({
    type: "service_account",
    project_id: "project",
    client_email: "reader@project.iam.gserviceaccount.com",
    private_key_id: "1",
    private_key: privateKey.export({ type: "pkcs8", format: "pem" }),
    token_uri: "https://oauth2.googleapis.com/token",
  });
});

after(async () => {
  setDefaultCACertificates(authorities);
  await server.stop();
});

async function readBy({ provider, ref = { key: "key" } }: Case, surroundings: Surroundings): Promise<string> {
  const secrets = { "login/token": "token", "google/key": googleKey };
  const backend = await bindBackend(provider);
  const clock = new WakingClock(Date.now());
  const context = createStoreContext({ clock, secrets, ...surroundings });
  const client = await backend.open(context, AbortSignal.timeout(10_000));
  try {
    return new TextDecoder().decode(await client.getSecret(ref, AbortSignal.timeout(10_000)));
  } finally {
    await client.close();
  }
}

async function withProxy(options: Partial<ConnectProxyOptions>, use: (proxy: ConnectProxy) => Promise<void>) {
  const proxy = await startConnectProxy({ port, ...options });
  try {
    await use(proxy);
  } finally {
    await proxy.stop();
  }
}

const withPort = (host: string) => (host.includes(":") ? host : `${host}:443`);
const failureOf = async (reading: Promise<unknown>): Promise<SyncError> =>
  reading.then(
    () => assert.fail("it has been read"),
    (error) => error,
  );

describe("a backend behind a proxy", () => {
  for (const [name, each] of Object.entries(CASES)) {
    it(`${name} calls each of its hosts by the tunnel that the proxy opens for its user`, () =>
      withProxy({}, async (proxy) => {
        assert.equal(await readBy(each, { environment: { HTTPS_PROXY: proxy.url } }), "value");
        assert.deepEqual([...new Set(proxy.tunnels)], each.hosts.map(withPort));
        assert.deepEqual(proxy.plain, []);
      }));

    it(`${name} says that the proxy opens no connection, without the proxy's password`, () =>
      withProxy({ refuse: 403 }, async (proxy) => {
        const error = await failureOf(readBy(each, { environment: { https_proxy: proxy.url } }));
        assert.ok(error instanceof Transient, String(error));
        assert.match(error.describe(), /proxy/i);
        assert.doesNotMatch(error.describe(), /pass word|pass%20word/);
        assert.equal(new Set(proxy.tunnels).size, 1);
      }));
  }

  it("says that a server's certificate is not trusted, AWS's too, and what to do", () =>
    withProxy({}, async (proxy) => {
      setDefaultCACertificates(authorities);
      try {
        for (const name of ["AWS Secrets Manager", "Azure Key Vault", "Google Secret Manager"]) {
          const error = await failureOf(readBy(CASES[name] as Case, { environment: { HTTPS_PROXY: proxy.url } }));
          assert.ok(error instanceof InvalidConfiguration, String(error));
          assert.match(error.describe(), /not trusted.*NODE_EXTRA_CA_CERTS/);
        }
      } finally {
        setDefaultCACertificates([...authorities, authority]);
      }
    }));

  it("does not go by it to the hosts of NO_PROXY", () =>
    withProxy({}, async (proxy) => {
      const { provider } = CASES.Webhook as Case;
      const url = `${server.address}/x`;
      const environment = { HTTPS_PROXY: proxy.url, NO_PROXY: "localhost" };
      const ca = { webhook: { ...provider.webhook, url } };
      await failureOf(readBy({ provider: ca, hosts: [] }, { environment }));
      assert.deepEqual(proxy.tunnels, []);
    }));

  it("fails for now where the proxy asks for a user that the variable does not name", () =>
    withProxy({}, async (proxy) => {
      const error = await failureOf(readBy(CASES.Webhook as Case, { environment: { HTTPS_PROXY: proxy.address } }));
      assert.ok(error instanceof Transient && !(error instanceof AccessDenied));
      assert.match(error.message, /proxy/);
    }));

  it("gives up a proxy that never answers, and closes the connection to it", () =>
    withProxy({ refuse: "hang" }, async (proxy) => {
      const error = await failureOf(
        readBy(CASES.Webhook as Case, {
          clock: systemClock,
          requestTimeoutMs: 100,
          retrySettings: { maxRetries: 0 },
          environment: { HTTPS_PROXY: proxy.url },
        }),
      );
      assert.ok(error instanceof Transient);
      while (proxy.open > 0) await new Promise((resolve) => setImmediate(resolve));
    }));
});
