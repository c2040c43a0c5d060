/** The API server, found and connected to when it is first needed. */
import { readFile } from "node:fs/promises";
import type { Clock } from "../../api/clock.ts";
import { createKubeClient } from "../../controller/kube/client.ts";
import type { KubeClient } from "../../controller/kube/contracts.ts";
import { KubeConfigError } from "../../controller/kube/credentials.ts";
import { type KubeConfig, loadKubeConfig } from "../../controller/kube/kube-config.ts";
import { InvalidConfiguration } from "../../providers/errors.ts";
import type { SyncConfiguration } from "./configuration.ts";

/** What the configuration is looked for in. */
export interface KubeSurroundings {
  readonly clock: Clock;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string | undefined;
}

export interface KubeAccess {
  readonly client: KubeClient;
  /** The namespace of the context. @throws InvalidConfiguration where no cluster is configured. */
  namespace(): Promise<string>;
}

/** Stands for the path of a kubeconfig that was given as a text. */
const GIVEN_TEXT = "the provider's kubeconfig";
/** Pulumi bounds what runs at once; the server's own fairness does the rest. */
const NO_LIMIT = 0;

/**
 * The cluster that the configuration names.
 * @throws InvalidConfiguration saying what is missing.
 */
export async function kubeConfigOf(
  { kubeconfig, context }: Pick<SyncConfiguration, "kubeconfig" | "context">,
  { clock, environment, homeFolder }: KubeSurroundings,
): Promise<KubeConfig> {
  const isText = kubeconfig?.includes("\n") === true || kubeconfig?.trimStart().startsWith("{") === true;
  const options = {
    ...{ clock, environment, homeFolder, context },
    kubeconfigPath: isText ? GIVEN_TEXT : kubeconfig,
    readFile: async (path: string) => (isText && path === GIVEN_TEXT ? Buffer.from(kubeconfig ?? "") : readFile(path)),
  };
  try {
    return await loadKubeConfig(options);
  } catch (error) {
    if (!(error instanceof KubeConfigError)) throw error;
    throw new InvalidConfiguration(`no cluster: ${error.message}`, {
      cause: error,
      field: "external-secrets:kubeconfig",
      remedy: "set KUBECONFIG, or kubeconfig and context of the provider (external-secrets:kubeconfig in the stack)",
    });
  }
}

/** Nothing is read before the first call. A configuration that cannot be read is tried again by the next call. */
export function openKubeAccess(configuration: SyncConfiguration, surroundings: KubeSurroundings): KubeAccess {
  let opened: Promise<{ readonly client: KubeClient; readonly config: KubeConfig }> | undefined;
  const open = () => {
    opened ??= kubeConfigOf(configuration, surroundings).then((config) => {
      const { clock } = surroundings;
      const limits = { requestTimeoutMs: configuration.requestTimeoutMs, qps: NO_LIMIT };
      return { config, client: createKubeClient(config, { clock, userAgent: "pulumi-external-secrets", ...limits }) };
    });
    opened.catch(() => {
      opened = undefined;
    });
    return opened;
  };
  const client = async () => (await open()).client;
  return {
    client: lateClient(client, () => void opened?.then(({ client: each }) => each.close()).catch(() => {})),
    namespace: async () => (await open()).config.namespace,
  };
}

function lateClient(client: () => Promise<KubeClient>, close: () => void): KubeClient {
  return {
    get: async (type, name, signal) => (await client()).get(type, name, signal),
    list: async (type, options, signal) => (await client()).list(type, options, signal),
    async *watch(type, options, signal) {
      yield* (await client()).watch(type, options, signal);
    },
    create: async (type, object, signal) => (await client()).create(type, object, signal),
    apply: async (type, object, options, signal) => (await client()).apply(type, object, options, signal),
    mergePatch: async (type, name, patch, options, signal) =>
      (await client()).mergePatch(type, name, patch, options, signal),
    delete: async (type, name, options, signal) => (await client()).delete(type, name, options, signal),
    createToken: async (name, request, signal) => (await client()).createToken(name, request, signal),
    resourceTypes: async (groupVersion, signal) => (await client()).resourceTypes(groupVersion, signal),
    close,
  };
}
