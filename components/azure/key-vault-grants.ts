/** What the reads through a Key Vault store need: which role at which scope, or which permissions of an access policy. */
import { literalPatterns } from "../grants/literal-patterns.ts";
import { describeRead, type FindRead, type RemoteRead } from "../grants/remote-read.ts";

/** A built-in role of Azure. */
export interface BuiltInRole {
  readonly name: string;
  /** The GUID of its definition. */
  readonly id: string;
}

/** Reads the value and the metadata of secrets. */
export const SECRETS_USER: BuiltInRole = {
  name: "Key Vault Secrets User",
  id: "4633458b-17de-408a-b874-0445c86b69e6",
};

/**
 * Reads names, tags and public parts: of a certificate its public half, of a key its public key. Narrower than Key Vault
 * Certificate User, which reads private keys of certificates as well, and Key Vault Crypto User, which signs and decrypts.
 */
export const VAULT_READER: BuiltInRole = { name: "Key Vault Reader", id: "21090545-7ca7-4776-b22c-e363652d74d2" };

/** A role that is assigned. */
export interface RoleGrant {
  readonly role: BuiltInRole;
  /** Below the vault: `secrets/NAME`, `certificates/NAME`, `keys/NAME`; empty for the whole vault. */
  readonly scope: string;
  /** Distinct among the grants of a store, and the same in each run. */
  readonly label: string;
}

/** Permissions of an access policy. They hold for all objects of the vault. */
export interface AccessPolicyPermissions {
  readonly secrets: readonly string[];
  readonly certificates: readonly string[];
  readonly keys: readonly string[];
}

/** What to grant, and what of it is wider than the reads. */
export interface KeyVaultGrants<Grant> {
  readonly grants: Grant;
  /** Sentences: what Azure cannot say more narrowly. */
  readonly warnings: readonly string[];
}

type Collection = keyof AccessPolicyPermissions;

interface VaultObject {
  readonly collection: Collection;
  readonly name: string;
}

const COLLECTIONS: ReadonlyMap<string, Collection> = new Map([
  ["secret", "secrets"],
  ["cert", "certificates"],
  ["key", "keys"],
]);

/** One form of a key: `db`, `secret/DB` and `secret/db` are the same object. */
export function canonicalObjectKey(key: string): string {
  const { collection, name } = vaultObject(key);
  return `${collection}/${name.toLowerCase()}`;
}

/**
 * Role assignments: one for each object that is read, at its own scope. A find gets the values of the names that its
 * expression pins down, and the list of names; an expression that leaves names open gets all secrets of the vault.
 * @throws Error for a key or a find that no Key Vault can serve.
 */
export function roleGrants(reads: readonly RemoteRead[]): KeyVaultGrants<readonly RoleGrant[]> {
  const grants = new Map<string, RoleGrant>();
  const warnings: string[] = [];
  const grant = (role: BuiltInRole, scope: string, label: string) => grants.set(label, { role, scope, label });
  const grantObject = (key: string) => {
    const { collection, name } = vaultObject(key);
    const label = canonicalObjectKey(key).replace("/", "-");
    grant(collection === "secrets" ? SECRETS_USER : VAULT_READER, `${collection}/${name}`, label);
  };
  for (const read of reads) {
    if (read.kind === "key") {
      grantObject(read.key);
      continue;
    }
    const names = exactNames(read);
    if (names === undefined) {
      grant(SECRETS_USER, "", "all-secrets");
      warnings.push(
        `${describeRead(read)}: Azure cannot limit a role to names that begin with something or have tags, so that it reads every secret of the vault. Name single secrets by spec.data, give an expression that names them (^(a|b)$), or keep what belongs together in a vault of its own.`,
      );
      continue;
    }
    grant(VAULT_READER, "", "list");
    for (const name of names) grantObject(name);
  }
  return { grants: [...grants.values()].toSorted((a, b) => (a.label < b.label ? -1 : 1)), warnings };
}

/** Permissions of an access policy: the kinds of objects that are read, and whether they are listed. @throws as `roleGrants`. */
export function accessPolicyPermissions(reads: readonly RemoteRead[]): KeyVaultGrants<AccessPolicyPermissions> {
  const read = reads.map((each) => (each.kind === "key" ? vaultObject(each.key).collection : listed(each)));
  const get = (collection: Collection) => (read.includes(collection) ? ["get"] : []);
  const hasFind = reads.some(({ kind }) => kind === "find");
  const grants = {
    secrets: hasFind ? ["get", "list"] : get("secrets"),
    certificates: get("certificates"),
    keys: get("keys"),
  };
  const kinds = Object.entries(grants).flatMap(([kind, permissions]) => (permissions.length === 0 ? [] : [kind]));
  const warnings =
    kinds.length === 0
      ? []
      : [
          `an access policy cannot name single objects: it reads all ${kinds.join(", ")} of the vault. Use access: "rbac", with a vault whose permission model is Azure RBAC.`,
        ];
  return { grants, warnings };
}

function vaultObject(key: string): VaultObject {
  const parts = key.split("/");
  const [prefix = "", name = ""] = parts.length === 1 ? ["secret", key] : parts;
  const collection = COLLECTIONS.get(prefix);
  if (collection === undefined || parts.length > 2 || !/^[0-9A-Za-z-]{1,127}$/.test(name)) {
    throw new Error(
      `key "${key}" names no object of Azure Key Vault: write NAME, secret/NAME, cert/NAME or key/NAME, of letters, digits and dashes.`,
    );
  }
  return { collection, name };
}

function listed(find: FindRead): Collection {
  refusePath(find);
  return "secrets";
}

/** The names that the expression pins down; undefined where it leaves any open. */
function exactNames(find: FindRead): readonly string[] | undefined {
  refusePath(find);
  if (find.name === undefined) return undefined;
  const patterns = literalPatterns(find.name);
  if (!patterns.every(({ isExact }) => isExact)) return undefined;
  // A name that no vault can hold matches nothing.
  return patterns.map(({ text }) => text).filter((name) => /^[0-9A-Za-z-]{1,127}$/.test(name));
}

function refusePath(find: FindRead): void {
  if (find.path) throw new Error(`${describeRead(find)}: Azure Key Vault has no paths: use find.name.regexp.`);
}
