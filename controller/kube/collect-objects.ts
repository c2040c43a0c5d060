/** Reads all objects of a resource type page by page, keeping only what is picked of each. */
import type { KubeClient, KubeObject, ListOptions, ResourceType } from "./contracts.ts";
import { isExpired } from "./kube-api-error.ts";

const PAGE_SIZE = 500;
/** A list that takes longer than the API server remembers begins anew, so often. */
const MAX_ATTEMPTS = 3;

/**
 * What `pick` gives of each object; objects of which it gives undefined are left out.
 * @throws KubeApiError
 */
export async function collectObjects<T extends KubeObject, R>(
  kube: Pick<KubeClient, "list">,
  type: ResourceType,
  options: Omit<ListOptions, "limit" | "continue">,
  pick: (object: T) => R | undefined,
  signal: AbortSignal,
): Promise<readonly R[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await collectOnce(kube, type, options, pick, signal);
    } catch (error) {
      if (!isExpired(error) || attempt >= MAX_ATTEMPTS) throw error;
    }
  }
}

async function collectOnce<T extends KubeObject, R>(
  kube: Pick<KubeClient, "list">,
  type: ResourceType,
  options: Omit<ListOptions, "limit" | "continue">,
  pick: (object: T) => R | undefined,
  signal: AbortSignal,
): Promise<readonly R[]> {
  const picked: R[] = [];
  let next: string | undefined;
  do {
    const more = next === undefined ? {} : { continue: next };
    const page = await kube.list<T>(type, { ...options, ...more, limit: PAGE_SIZE }, signal);
    for (const object of page.items) {
      const one = pick(object);
      if (one !== undefined) picked.push(one);
    }
    next = page.continue;
  } while (next !== undefined);
  return picked;
}
