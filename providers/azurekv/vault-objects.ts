/** What a vault holds, as its API gives it: read, listed, deleted and recovered. */
import { Transient } from "../errors.ts";
import type { KeyVaultAnswer, KeyVaultApi, KeyVaultRequest } from "./key-vault-api.ts";
import { type KeyVaultSubject, notKeyVault } from "./key-vault-error.ts";
import type { ObjectKey } from "./object-key.ts";

/** Seconds since the epoch. */
export interface ObjectAttributes {
  readonly enabled?: boolean;
  readonly exp?: number;
  readonly nbf?: number;
  readonly created?: number;
  readonly updated?: number;
}

/** Secret, certificate or key, with the fields of its kind. */
export interface VaultObject {
  /** Of a secret or certificate: `https://VAULT/KIND/NAME/VERSION`; a key has it as `key.kid`. */
  readonly id?: string;
  /** Of a secret: the value. */
  readonly value?: string;
  readonly contentType?: string;
  /** Of a certificate: DER in base64. */
  readonly cer?: string;
  /** Of a key: its public part as a JWK. */
  readonly key?: Readonly<Record<string, unknown>>;
  readonly attributes?: ObjectAttributes;
  readonly tags?: Readonly<Record<string, string>>;
}

/** One entry of the list of secrets. */
export interface ListedSecret {
  readonly name: string;
  readonly isEnabled: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** Subject of a request for one object. */
export function subjectOf(key: ObjectKey, permission: KeyVaultSubject["permission"]): KeyVaultSubject {
  return { ...key, permission };
}

/**
 * The object; without a version the latest.
 * @throws SecretNotFound
 */
export async function readObject(
  api: KeyVaultApi,
  key: ObjectKey,
  version: string | undefined,
  signal: AbortSignal,
): Promise<VaultObject> {
  const subject = subjectOf(key, "get");
  const path = `${key.kind}/${key.name}${version ? `/${encodeURIComponent(version)}` : ""}`;
  const answer = await api.call({ method: "GET", path, subject }, signal);
  if (!isObjectOf(key, answer)) throw notKeyVault(subject, 200);
  return answer;
}

/** The answer's own form shows that a vault has given it. */
function isObjectOf({ kind }: ObjectKey, answer: KeyVaultAnswer): answer is VaultObject & KeyVaultAnswer {
  if (kind === "secrets") return typeof answer.value === "string";
  return kind === "keys" ? typeof answer.key === "object" && answer.key !== null : typeof answer.cer === "string";
}

const PAGE_SIZE = 25;

/** All secrets, page by page. */
export async function* listSecrets(api: KeyVaultApi, signal: AbortSignal): AsyncIterable<ListedSecret> {
  const subject: KeyVaultSubject = { kind: "secrets", permission: "list" };
  let next: Pick<KeyVaultRequest, "path" | "query"> | undefined = {
    path: "secrets",
    query: { maxresults: String(PAGE_SIZE) },
  };
  while (next !== undefined) {
    const page: KeyVaultAnswer = await api.call({ method: "GET", ...next, subject }, signal);
    if (!Array.isArray(page.value)) throw notKeyVault(subject, 200);
    for (const item of page.value as readonly ListItem[]) {
      const name = item.id?.split("/").at(-1);
      if (!name) throw notKeyVault(subject, 200);
      yield { name, isEnabled: item.attributes?.enabled !== false, tags: item.tags ?? {} };
    }
    next = nextPage(api, page.nextLink);
  }
}

interface ListItem {
  /** `https://VAULT/secrets/NAME` */
  readonly id?: string;
  readonly attributes?: ObjectAttributes;
  readonly tags?: Readonly<Record<string, string>>;
}

/** The list goes on at the vault itself and nowhere else: the token is sent along. */
function nextPage(api: KeyVaultApi, link: unknown): Pick<KeyVaultRequest, "path" | "query"> | undefined {
  if (typeof link !== "string" || link === "") return undefined;
  const url = URL.parse(link);
  if (url === null || url.origin !== URL.parse(api.vaultUrl)?.origin) {
    throw new Transient("the list of secrets goes on at another server than the Azure Key Vault", {
      field: "spec.provider.azurekv.vaultUrl",
      remedy: "set it to the address that the vault gives itself",
    });
  }
  return { path: url.pathname.slice(1), query: Object.fromEntries(url.searchParams) };
}

/** Deletes the object; the vault keeps it until it is purged. */
export async function deleteObject(api: KeyVaultApi, key: ObjectKey, signal: AbortSignal): Promise<void> {
  const path = `${key.kind}/${key.name}`;
  await api.call({ method: "DELETE", path, subject: subjectOf(key, "delete") }, signal);
}

/** The tags of a deleted object. @throws SecretNotFound */
export async function readDeleted(api: KeyVaultApi, key: ObjectKey, signal: AbortSignal): Promise<VaultObject> {
  const path = `deleted${key.kind}/${key.name}`;
  return api.call({ method: "GET", path, subject: subjectOf(key, "get") }, signal);
}

/** Brings a deleted object back; that takes the vault some seconds. */
export async function recoverObject(api: KeyVaultApi, key: ObjectKey, signal: AbortSignal): Promise<void> {
  const path = `deleted${key.kind}/${key.name}/recover`;
  await api.call({ method: "POST", path, body: {}, subject: subjectOf(key, "recover") }, signal);
}
