/** The backends that the cases of `e2e_common` run on: how a store of each is made, and how its secrets are put. */
import { EXAMPLE_CREDENTIALS, startAwsEmulator } from "../../ground/aws/index.ts";
import { startVault } from "../../ground/index.ts";
import { isRecord } from "../conformance-file.ts";
import type { CaseObject } from "./case-objects.ts";
import type { GroundCluster } from "./ground-cluster.ts";

/** A secret of a backend, as a case writes it. */
export interface ProviderSecret {
  readonly key: string;
  readonly value: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** One backend, running. */
export interface E2eBackend {
  readonly name: string;
  /** Environment of the controller that reaches it. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Why the backend cannot hold these secrets, or find as the case asks; undefined where it can. */
  unsuitedTo(secrets: readonly ProviderSecret[], finds: readonly FindKind[]): string | undefined;
  /** Puts the secrets, and creates the store of the case, named as its namespace. */
  arrange(cluster: GroundCluster, namespace: string, secrets: readonly ProviderSecret[]): Promise<void>;
  /** The keys that remain are those that are not deleted. */
  remove(cluster: GroundCluster, namespace: string, keys: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

/** What a case's `dataFrom[].find` uses. */
export type FindKind = "name" | "path" | "tags";

/** Starts each backend that this version has. */
export async function startE2eBackends(): Promise<readonly E2eBackend[]> {
  return Promise.all([startFake(), startVaultBackend(), startAws()]);
}

function storeOf(namespace: string, provider: unknown): CaseObject {
  return {
    apiVersion: "external-secrets.io/v1",
    kind: "SecretStore",
    metadata: { namespace, name: namespace },
    spec: { provider },
  };
}

/** A Secret with the credentials of a store. */
function credentialsOf(namespace: string, stringData: Readonly<Record<string, string>>): CaseObject {
  return { apiVersion: "v1", kind: "Secret", metadata: { namespace, name: "credentials" }, stringData };
}

/** Values stand in the store itself. */
async function startFake(): Promise<E2eBackend> {
  const stored = new Map<string, readonly ProviderSecret[]>();
  const providerOf = (secrets: readonly ProviderSecret[]) => ({
    fake: { data: secrets.map(({ key, value }) => ({ key, value })) },
  });
  return {
    name: "fake",
    unsuitedTo: (_secrets, finds) =>
      finds.some((find) => find !== "name") ? "a fake store finds by name only" : undefined,
    async arrange(cluster, namespace, secrets) {
      stored.set(namespace, secrets);
      await cluster.create(storeOf(namespace, providerOf(secrets)));
    },
    async remove(cluster, namespace, keys) {
      const rest = stored.get(namespace)?.filter(({ key }) => !keys.includes(key)) ?? [];
      await cluster.patch(storeOf(namespace, {}), { spec: { provider: providerOf(rest) } });
    },
    async stop() {},
  };
}

/** A real Vault: KV version 2, whose secrets are JSON objects. */
async function startVaultBackend(): Promise<E2eBackend> {
  const vault = await startVault();
  const auth = { tokenSecretRef: { name: "credentials", key: "token" } };
  const provider = { vault: { server: vault.address, path: "secret", version: "v2", auth } };
  return {
    name: "vault",
    unsuitedTo(secrets, finds) {
      if (!secrets.every(({ value }) => jsonObjectOf(value))) return "Vault holds JSON objects only";
      return finds.includes("path") ? "a path of Vault is a folder, not the beginning of a name" : undefined;
    },
    async arrange(cluster, namespace, secrets) {
      for (const { key, value, tags } of secrets) {
        await vault.write(`secret/data/${key}`, { data: jsonObjectOf(value) });
        if (tags !== undefined) await vault.write(`secret/metadata/${key}`, { custom_metadata: tags });
      }
      await cluster.create(credentialsOf(namespace, { token: vault.token }));
      await cluster.create(storeOf(namespace, provider));
    },
    async remove(_cluster, _namespace, keys) {
      for (const key of keys) await vault.delete(`secret/metadata/${key}`);
    },
    stop: () => vault.stop(),
  };
}

/** Our emulator of AWS Secrets Manager. */
async function startAws(): Promise<E2eBackend> {
  const emulator = await startAwsEmulator();
  const secretRef = {
    accessKeyIDSecretRef: { name: "credentials", key: "id" },
    secretAccessKeySecretRef: { name: "credentials", key: "key" },
  };
  const provider = { aws: { service: "SecretsManager", region: "us-east-1", auth: { secretRef } } };
  return {
    name: "aws",
    environment: { AWS_SECRETSMANAGER_ENDPOINT: emulator.endpoint, AWS_STS_ENDPOINT: emulator.endpoint },
    unsuitedTo: () => undefined,
    async arrange(cluster, namespace, secrets) {
      for (const { key, value, tags } of secrets) emulator.put(key, value, tags === undefined ? {} : { tags });
      const { accessKeyId, secretAccessKey } = EXAMPLE_CREDENTIALS;
      await cluster.create(credentialsOf(namespace, { id: accessKeyId, key: secretAccessKey }));
      await cluster.create(storeOf(namespace, provider));
    },
    async remove(_cluster, _namespace, keys) {
      for (const key of keys) emulator.remove(key);
    },
    stop: () => emulator.stop(),
  };
}

function jsonObjectOf(value: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(value);
    return isRecord(parsed) ? parsed : undefined;
  } catch {
    // Not JSON: the case is for other backends.
    return undefined;
  }
}
