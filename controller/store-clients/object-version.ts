/** The version of an object that is not watched. */
import { CONFIG_MAP, SERVICE_ACCOUNT } from "../core-resources.ts";
import type { KubeClient } from "../kube/contracts.ts";
import { isNotFound } from "../kube/kube-api-error.ts";
import type { DependencyKey } from "./dependencies.ts";

const UNWATCHED = { ConfigMap: CONFIG_MAP, ServiceAccount: SERVICE_ACCOUNT } as const;

/**
 * Its resourceVersion, unset where it is not there. The whole is undefined for Secrets, which are watched, and where the API
 * server cannot be asked.
 * @throws the signal's reason.
 */
export async function currentVersion(
  kube: KubeClient,
  dependency: DependencyKey,
  signal: AbortSignal,
): Promise<{ readonly resourceVersion: string | undefined } | undefined> {
  const [kind, namespace = "", name = ""] = dependency.split("/");
  if (kind !== "ConfigMap" && kind !== "ServiceAccount") return undefined;
  try {
    const { metadata } = await kube.get(UNWATCHED[kind], { namespace, name }, signal);
    return { resourceVersion: metadata.resourceVersion };
  } catch (error) {
    signal.throwIfAborted();
    return isNotFound(error) ? { resourceVersion: undefined } : undefined;
  }
}
