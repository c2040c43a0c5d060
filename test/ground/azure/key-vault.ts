/** Emulates the data plane of one Azure Key Vault: who may do what, and which part of it a request is for. */
import { type AzureAnswer, AzureFault, type AzureRequest, vaultFault } from "./azure-message.ts";
import { type Identity, isAllowed } from "./directory.ts";
import { isInTime, type TokenIssuer } from "./json-web-token.ts";
import { type ObjectVersion, VaultTable } from "./vault-table.ts";
import { deletedView, itemView, type Kind, objectView } from "./vault-views.ts";
import { importCertificate, importKey, setSecret, updateSecret } from "./vault-writes.ts";

export interface KeyVaultOptions {
  readonly tenantId: string;
  readonly resource: string;
  readonly identities: () => readonly Identity[];
  readonly issuer: TokenIssuer;
  /** Largest secret, in bytes. */
  readonly maxValueBytes: number;
  readonly now: () => number;
}

/** The objects of a vault by kind. */
export type VaultTables = Readonly<Record<Kind, VaultTable>>;

export interface KeyVault {
  readonly tables: VaultTables;
  /** @throws AzureFault */
  answer(request: AzureRequest): AzureAnswer;
}

const KINDS: ReadonlySet<string> = new Set<Kind>(["secrets", "certificates", "keys"]);
const NAME = /^[0-9A-Za-z-]{1,127}$/;
const PAGE_SIZE = 25;
const ABSENT = { secrets: "SecretNotFound", certificates: "CertificateNotFound", keys: "KeyNotFound" } as const;

/** One request for objects of a kind. */
export interface VaultCall {
  readonly request: AzureRequest;
  readonly tables: VaultTables;
  readonly kind: Kind;
  readonly name: string;
  readonly maxValueBytes: number;
}

export function createKeyVault(options: KeyVaultOptions): KeyVault {
  const tables = {
    secrets: new VaultTable(options.now),
    certificates: new VaultTable(options.now),
    keys: new VaultTable(options.now),
  };
  return {
    tables,
    answer(request) {
      const identity = authenticated(request, options);
      if (!request.query.has("api-version")) throw vaultFault(400, "BadParameter", "api-version must be specified");
      const [collection = "", name = "", ...rest] = request.segments;
      const isDeleted = collection.startsWith("deleted");
      const kind = isDeleted ? collection.slice("deleted".length) : collection;
      if (!isKind(kind)) throw vaultFault(404, "NotFound", "The resource is not found.");
      if (name !== "" && !NAME.test(name)) {
        throw vaultFault(400, "BadParameter", `The request URI contains an invalid name: ${name}`);
      }
      const call = { request, tables, kind, name, maxValueBytes: options.maxValueBytes };
      const action = `${request.method} ${rest.join("/")}`.trim();
      const [permission, serve] = (isDeleted ? deletedOperation : operation)(call, action, rest[0]);
      if (!isAllowed(identity, `${kind}/${permission}`, name)) throw forbidden();
      return serve();
    },
  };
}

function isKind(text: string): text is Kind {
  return KINDS.has(text);
}

/** @throws AzureFault 401 with the challenge that tells where tokens are to be had. */
function authenticated({ headers, origin }: AzureRequest, options: KeyVaultOptions): Identity {
  const token = options.issuer.check((headers.authorization ?? "").replace(/^Bearer /, ""));
  const isGood = token?.claims.aud === options.resource && isInTime(token, options.now());
  const identity = options.identities().find(({ clientId }) => clientId === token?.claims.appid);
  if (isGood && identity !== undefined) return identity;
  const challenge = `Bearer authorization="${origin}/${options.tenantId}", resource="${options.resource}"`;
  const error = { code: "Unauthorized", message: "AKV10000: Request is missing a Bearer or PoP token." };
  throw new AzureFault({ status: 401, headers: { "www-authenticate": challenge }, body: { error } });
}

function forbidden(): AzureFault {
  return vaultFault(403, "Forbidden", "Caller is not authorized to perform action on resource.", "ForbiddenByRbac");
}

/** What it takes to be allowed to, and what is done then. */
type Operation = readonly [permission: string, serve: () => AzureAnswer];

function operation(call: VaultCall, action: string, version: string | undefined): Operation {
  const { kind, name, request } = call;
  if (name === "" && request.method === "GET") return ["list", () => page(call, call.tables[kind].list(), itemView)];
  if (action === "GET versions") return ["list", () => versionsPage(call)];
  if (request.method === "GET") return ["get", () => ({ body: objectView(call, found(call, version)) })];
  if (request.method === "DELETE") return ["delete", () => remove(call)];
  if (kind === "secrets" && action === "PUT") return ["set", () => setSecret(call)];
  if (kind === "secrets" && request.method === "PATCH") return ["set", () => updateSecret(call, found(call, version))];
  if (kind === "certificates" && action === "POST import") return ["import", () => importCertificate(call)];
  if (kind === "keys" && action === "PUT") return ["import", () => importKey(call)];
  throw vaultFault(405, "MethodNotAllowed", "The operation is not supported.");
}

/** The version, or the latest, unless it is disabled. @throws AzureFault */
function found({ tables, kind, name, request }: VaultCall, version: string | undefined): ObjectVersion {
  const object = tables[kind].find(name, version);
  if (object === undefined) throw notFound(kind, version === undefined ? name : `${name}/${version}`);
  if (object.attributes.enabled || request.method !== "GET" || kind !== "secrets") return object;
  throw vaultFault(403, "Forbidden", "Operation get is not allowed on a disabled secret.", "SecretDisabled");
}

function notFound(kind: Kind, what: string): AzureFault {
  const noun = kind.slice(0, -1);
  return vaultFault(404, ABSENT[kind], `A ${noun} with (name/id) ${what} was not found in this key vault.`);
}

function remove(call: VaultCall): AzureAnswer {
  const { tables, kind, name } = call;
  const object = tables[kind].find(name);
  if (object === undefined) throw notFound(kind, name);
  tables[kind].delete(name);
  // What a certificate has put there goes with it.
  if (kind === "certificates") for (const other of ["secrets", "keys"] as const) tables[other].delete(name);
  return { body: deletedView(call, object) };
}

function deletedOperation(call: VaultCall, action: string): Operation {
  if (call.name === "" && action === "GET") return ["list", () => ({ body: { value: [], nextLink: null } })];
  if (action === "GET") return ["get", () => ({ body: deletedView(call, deletedObject(call)) })];
  if (action === "DELETE") return ["purge", () => purge(call)];
  if (action === "POST recover") return ["recover", () => recover(call)];
  throw vaultFault(405, "MethodNotAllowed", "The operation is not supported.");
}

function deletedObject({ tables, kind, name }: VaultCall): ObjectVersion {
  const object = tables[kind].findDeleted(name);
  if (object === undefined) throw notFound(kind, name);
  return object;
}

function purge(call: VaultCall): AzureAnswer {
  deletedObject(call);
  call.tables[call.kind].purge(call.name);
  return { status: 204 };
}

function recover(call: VaultCall): AzureAnswer {
  const object = deletedObject(call);
  call.tables[call.kind].recover(call.name);
  return { body: objectView(call, object, false) };
}

function versionsPage(call: VaultCall): AzureAnswer {
  const versions = call.tables[call.kind].versions(call.name);
  return page(
    call,
    versions.map((version) => [`${call.name}/${version.id}`, version] as const),
    itemView,
  );
}

function page(
  { request, kind }: VaultCall,
  all: readonly (readonly [string, ObjectVersion])[],
  view: typeof itemView,
): AzureAnswer {
  const { query, origin, segments } = request;
  const size = Math.min(Number(query.get("maxresults") ?? PAGE_SIZE), PAGE_SIZE);
  const start = Number(query.get("$skiptoken") ?? 0);
  const value = all
    .slice(start, start + size)
    .map(([name, version]) => view(`${origin}/${kind}/${name}`, kind, version));
  const next = new URLSearchParams({
    "api-version": query.get("api-version") ?? "",
    $skiptoken: String(start + size),
    maxresults: String(size),
  });
  const nextLink = start + size < all.length ? `${origin}/${segments.join("/")}?${next}` : null;
  return { body: { value, nextLink } };
}
