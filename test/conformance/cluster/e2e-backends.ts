/** The backends that the cases of `e2e_common` run on: how a store of each is made, and how its secrets are put. */
import { isAvailable } from "../../../providers/index.ts";
import { EXAMPLE_CREDENTIALS, startAwsEmulator } from "../../ground/aws/index.ts";
import { startVault } from "../../ground/index.ts";
import {
  credentialsOf,
  type E2eBackend,
  jsonObjectOf,
  type ProviderSecret,
  sortedJson,
  storeOf,
} from "./e2e-backend.ts";
import { kubernetesBackend } from "./e2e-kubernetes.ts";

/** Starts each backend that this version has. */
export async function startE2eBackends(): Promise<readonly E2eBackend[]> {
  const kubernetes = isAvailable("kubernetes") ? [kubernetesBackend()] : [];
  return [...(await Promise.all([startFake(), startVaultBackend(), startAws()])), ...kubernetes];
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
    givenBack: sortedJson,
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
