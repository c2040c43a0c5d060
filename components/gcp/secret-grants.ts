/** What the reads through a Secret Manager store need: which role on which secret, or under which condition. */
import { type LiteralPattern, literalPatterns } from "../grants/literal-patterns.ts";
import { describeRead, type FindRead, type RemoteRead } from "../grants/remote-read.ts";

/** Reads values: `secretmanager.versions.access`. */
export const ACCESSOR = "roles/secretmanager.secretAccessor";
/** Reads labels, annotations and the list of versions, no values. */
export const VIEWER = "roles/secretmanager.viewer";

/** A role on one secret. */
export interface SecretGrant {
  readonly secretId: string;
  readonly role: typeof ACCESSOR | typeof VIEWER;
}

/** What to grant to the identity of a store. */
export interface SecretManagerGrants {
  readonly secrets: readonly SecretGrant[];
  /** Beginnings of names whose values are read, by a condition on the project's binding; empty: none. `""` is every name. */
  readonly prefixes: readonly string[];
  /** Whether the names and labels of the project's secrets are listed. */
  readonly lists: boolean;
  /** Sentences: what Google cannot say more narrowly. */
  readonly warnings: readonly string[];
}

/** What of a store decides about grants beside the reads. */
export interface GrantRules {
  /** The store reads the newest enabled version where the latest is not (`LatestOrFetch`): it has to see the versions. */
  readonly listsVersions: boolean;
}

const SECRET_ID = /^[A-Za-z0-9_-]{1,255}$/;

/** IAM takes twelve logical operators in a condition; each prefix beyond the first is one. */
const MAX_PREFIXES = 10;

/**
 * The accessor role on each secret that is read, the viewer role where its labels are; a find may list the project's
 * secrets, and reads the values of the names that its expression or path pins down, or that begin as they say.
 * @throws Error for a key that no secret can have.
 */
export function secretManagerGrants(reads: readonly RemoteRead[], rules: GrantRules): SecretManagerGrants {
  const secrets = new Map<string, SecretGrant>();
  const prefixes = new Set<string>();
  const warnings: string[] = [];
  const grant = (secretId: string, role: SecretGrant["role"]) => secrets.set(`${secretId} ${role}`, { secretId, role });
  const grantValue = (secretId: string) => {
    grant(secretId, ACCESSOR);
    if (rules.listsVersions) grant(secretId, VIEWER);
  };
  for (const read of reads) {
    if (read.kind === "key") {
      const secretId = checkedSecretId(read.key);
      if (read.metadata === true) grant(secretId, VIEWER);
      else grantValue(secretId);
      continue;
    }
    for (const { text, isExact } of foundNames(read)) {
      if (!isExact) prefixes.add(text);
      else if (SECRET_ID.test(text)) grantValue(text);
    }
    warnings.push(...findWarnings(read));
  }
  return {
    secrets: [...secrets.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each),
    prefixes: shortestPrefixes([...prefixes]),
    lists: reads.some(({ kind }) => kind === "find"),
    warnings,
  };
}

/**
 * The condition of a binding on the project, in IAM's CEL: true for the versions of secrets whose names begin so, and for
 * those secrets. Names in it have the project's number. @param parent `projects/NUMBER` or `projects/NUMBER/locations/L`
 */
export function prefixCondition(parent: string, prefixes: readonly string[]): string {
  return prefixes
    .map((prefix) => `resource.name.startsWith(${JSON.stringify(`${parent}/secrets/${prefix}`)})`)
    .join(" || ");
}

function checkedSecretId(key: string): string {
  if (SECRET_ID.test(key)) return key;
  throw new Error(
    `key "${key}" names no secret of Google Secret Manager: write its id, of letters, digits, - and _, without the project.`,
  );
}

/** Path (the beginning of the id) and expression both have to fit. */
function foundNames({ name, path = "" }: FindRead): readonly LiteralPattern[] {
  const byName = name === undefined ? [{ text: "", isExact: false }] : literalPatterns(name);
  return byName.flatMap(({ text, isExact }) => {
    if (text.startsWith(path)) return [{ text, isExact }];
    return !isExact && path.startsWith(text) ? [{ text: path, isExact: false }] : [];
  });
}

function findWarnings(find: FindRead): readonly string[] {
  const found = describeRead(find);
  const hasTags = Object.keys(find.tags ?? {}).length > 0;
  const isOpen = foundNames(find).some(({ text, isExact }) => text === "" && !isExact);
  if (isOpen) {
    const why = hasTags ? "IAM cannot see labels, so that" : "it names nothing:";
    return [
      `${found}: ${why} every secret of the project is read. Give a path, or an expression that begins with ^ and a name.`,
    ];
  }
  return hasTags
    ? [`${found}: IAM cannot see labels, so that every secret whose name begins as it says may be read.`]
    : [];
}

/** Without those that another one covers; beyond what IAM takes, what all have in common. */
function shortestPrefixes(prefixes: readonly string[]): readonly string[] {
  const kept = prefixes
    .filter((prefix) => !prefixes.some((other) => other !== prefix && prefix.startsWith(other)))
    .toSorted();
  const [first = "", last = ""] = [kept[0], kept.at(-1)];
  if (kept.length <= MAX_PREFIXES) return kept;
  let common = 0;
  while (common < first.length && first[common] === last[common]) common += 1;
  return [first.slice(0, common)];
}
