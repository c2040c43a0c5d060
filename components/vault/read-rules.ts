/** What a Vault token must be allowed in order to read, and nothing beside it. Pure. */
import { literalPatterns } from "../grants/literal-patterns.ts";
import { describeRead, type FindRead, type KeyRead, type RemoteRead } from "../grants/remote-read.ts";

/** A KV engine. */
export interface KvPlace {
  /** The mount without slashes at its ends; undefined where each key begins with its own. */
  readonly mount: string | undefined;
  readonly version: "v1" | "v2";
}

/** Capabilities that reading needs. */
export type ReadCapability = "list" | "read";

/** A path of Vault's policies, where a `*` at the end stands for anything, and what is allowed there. */
export interface PolicyRule {
  readonly path: string;
  readonly capabilities: readonly ReadCapability[];
}

type Area = "data" | "metadata";

/**
 * By path, each once. Of several rules for a request Vault takes the most specific alone, so each rule has what the wider
 * ones allow, too.
 * @throws Error for a key that no policy can name, or that names no mount where the store names none.
 */
export function readRules(place: KvPlace, reads: readonly RemoteRead[]): readonly PolicyRule[] {
  const wanted = reads.flatMap((read) => (read.kind === "key" ? keyRules(place, read) : findRules(place, read)));
  return [...new Set(wanted.map(({ path }) => path))].toSorted().map((path) => ({
    path,
    capabilities: [...new Set(wanted.flatMap((rule) => allowedAt(path, rule)))].toSorted(),
  }));
}

/** A sentence for each search of which Vault can say only where it looks. */
export function broadFinds(reads: readonly RemoteRead[]): readonly string[] {
  return reads
    .filter((read) => read.kind === "find")
    .flatMap((find) => {
      const told = describeRead(find);
      const isWide = namesFound(find).some(({ text }) => text === "");
      if (Object.keys(find.tags ?? {}).length > 0) {
        return [`"${told}" grants secrets without these tags, too: Vault's policies know paths only`];
      }
      return isWide
        ? [`"${told}" grants every secret of the engine: begin the expression with ^ and letters, or give a path`]
        : [];
    });
}

/** The text of a policy, in Vault's own language. */
export function policyText(rules: readonly PolicyRule[]): string {
  if (rules.length === 0) return "# Nothing is read.\n";
  return rules
    .map(({ path, capabilities }) => {
      const listed = capabilities.map((capability) => `"${capability}"`).join(", ");
      return `path ${JSON.stringify(path)} {\n  capabilities = [${listed}]\n}\n`;
    })
    .join("\n");
}

/** One form of the spellings of a key: without the mount and `data/`. */
export function canonicalVaultKey({ mount }: KvPlace): (key: string) => string {
  return (key) => {
    const relative = key.replace(/^\/+/, "");
    return mount === undefined ? relative : withoutMount(relative, mount);
  };
}

function keyRules(place: KvPlace, { key, metadata }: KeyRead): readonly PolicyRule[] {
  const path = kvPath(place, key, metadata === true ? "metadata" : "data");
  if (path.endsWith("*") || path.split("/").includes("+")) {
    throw new Error(`no policy of Vault can name the key "${key}": a * at its end and a part + stand for others`);
  }
  return [{ path, capabilities: ["read"] }];
}

/** A search lists its folder with all below it, and then reads the names that fit. */
function findRules(place: KvPlace, find: FindRead): readonly PolicyRule[] {
  const folder = folderOf(find);
  const listed: PolicyRule = { path: `${kvPath(place, folder, "metadata", true)}*`, capabilities: ["list"] };
  const isTagged = Object.keys(find.tags ?? {}).length > 0;
  const areas: readonly Area[] = isTagged && place.version === "v2" ? ["data", "metadata"] : ["data"];
  const read = namesFound(find).flatMap(({ text, isExact }) =>
    areas.map((area): PolicyRule => {
      const path = kvPath(place, text, area, true);
      return { path: isExact ? path : `${path}*`, capabilities: ["read"] };
    }),
  );
  return [listed, ...read];
}

function folderOf({ path }: FindRead): string {
  const folder = (path ?? "").replace(/\/+$/, "");
  return folder === "" ? "" : `${folder}/`;
}

/** Names, with their folder, that the path and the expression both admit. */
function namesFound(find: FindRead) {
  const folder = folderOf(find);
  return literalPatterns(find.name ?? "").flatMap((pattern) => {
    if (pattern.text.startsWith(folder)) return [pattern];
    return !pattern.isExact && folder.startsWith(pattern.text) ? [{ text: folder, isExact: false }] : [];
  });
}

/** What another rule allows at a path, as far as it covers the path. A list of a folder is also decided without its last slash. */
function allowedAt(path: string, { path: pattern, capabilities }: PolicyRule): readonly ReadCapability[] {
  if (pattern === path) return capabilities;
  if (!pattern.endsWith("*")) return [];
  const prefix = pattern.slice(0, -1);
  const plain = path.replace(/\*$/, "");
  if (plain.startsWith(prefix)) return capabilities;
  return `${plain}/` === prefix ? capabilities.filter((capability) => capability === "list") : [];
}

/** Where a key lies in Vault's API, as the controller finds it: with the mount, with the mount and `data/`, or without. */
function kvPath({ mount, version }: KvPlace, key: string, area: Area, isFolder = false): string {
  const relative = key.replace(/^\/+/, "");
  if (/\$\{|\{\{/.test(key)) throw new Error(`no policy of Vault can name "${key}": \${ and {{ begin templates there`);
  if (relative === "" && (mount === undefined || !isFolder)) {
    throw new Error(mount === undefined ? "a search without a path needs path of the store" : "a key is empty");
  }
  if (version === "v1") {
    if (mount === undefined) return relative;
    return `${mount}/${relative.startsWith(`${mount}/`) ? relative.slice(mount.length + 1) : relative}`;
  }
  if (mount !== undefined) return `${mount}/${area}/${withoutMount(relative, mount)}`;
  if (relative.includes("/data/")) return relative.replace("/data/", `/${area}/`);
  const [first = "", ...rest] = relative.split("/");
  return [first, area, ...rest].join("/");
}

function withoutMount(key: string, mount: string): string {
  if (!key.startsWith(`${mount}/`)) return key;
  const rest = key.slice(mount.length + 1);
  return rest.startsWith("data/") ? rest.slice("data/".length) : rest;
}
