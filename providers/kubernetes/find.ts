/** `dataFrom[].find` in Kubernetes: a list in pages, narrowed by labels, then by name. */
import type { FindRef } from "../contract.ts";
import { InvalidConfiguration, Transient } from "../errors.ts";
import { nameMatcher } from "../name-matcher.ts";
import { SecretMap } from "../secret-map.ts";
import type { KubeApi } from "./kube-api.ts";
import { dataAsJson } from "./secret-object.ts";

/** Secrets in one page; each may be of 1 MiB, and a page has to be held as a whole. */
const PAGE_SIZE = 40;
/** Lists begun anew because a page's token had expired. */
const MAX_LISTS = 3;

/**
 * The Secrets that meet all conditions, by name, each with its data as JSON.
 * @throws InvalidConfiguration where no condition is given, or one that Secrets cannot meet.
 */
export async function findSecrets(
  api: KubeApi,
  namespace: string,
  find: FindRef,
  signal: AbortSignal,
): Promise<SecretMap> {
  if (find.path) throw refused("path", "has no meaning in Kubernetes", "use find.name.regexp or find.tags");
  if (find.nameRegexp === undefined && find.tags === undefined) {
    throw new InvalidConfiguration("dataFrom.find has no condition", {
      field: "spec.dataFrom[].find",
      remedy: "set find.name.regexp or find.tags",
    });
  }
  const matches = nameMatcher(find.nameRegexp);
  const labelSelector = selectorOf(find.tags ?? {});
  for (let lists = 0; lists < MAX_LISTS; lists++) {
    const found = await listMatching(api, namespace, labelSelector, matches, signal);
    if (found !== undefined) return found;
  }
  throw new Transient(`the list of secrets in namespace "${namespace}" expired ${MAX_LISTS} times while it was read`);
}

/** Undefined where a page's token has expired. */
async function listMatching(
  api: KubeApi,
  namespace: string,
  labelSelector: string,
  matches: (name: string) => boolean,
  signal: AbortSignal,
): Promise<SecretMap | undefined> {
  const found = new SecretMap();
  let next: string | undefined;
  do {
    const page = await api.listSecrets(namespace, { labelSelector, limit: PAGE_SIZE, next }, signal);
    if (page === undefined) return undefined;
    for (const secret of page.items) {
      if (matches(secret.metadata.name)) found.set(secret.metadata.name, dataAsJson(secret));
    }
    next = page.next;
  } while (next !== undefined);
  // In a namespace that does not exist, the API server lists nothing without an error.
  if (found.size === 0) await api.requireNamespace(namespace, signal);
  return found;
}

const LABEL_NAME = /^(?:[a-z0-9][-a-z0-9.]{0,252}\/)?[A-Za-z0-9](?:[-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?)?$/;

/** Checked, since a comma in a value would make another condition of it. */
function selectorOf(tags: Readonly<Record<string, string>>): string {
  return Object.entries(tags)
    .map(([label, value]) => {
      if (LABEL_NAME.test(label) && LABEL_VALUE.test(value)) return `${label}=${value}`;
      throw refused(`tags["${label}"]`, "is no label that an object can have", "correct its name and its value");
    })
    .join(",");
}

function refused(field: string, defect: string, remedy: string): InvalidConfiguration {
  return new InvalidConfiguration(`dataFrom[].find.${field} ${defect}`, {
    field: `spec.dataFrom[].find.${field}`,
    remedy,
  });
}
