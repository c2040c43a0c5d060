/** Writes to the emulated vault: secrets set and updated, certificates and keys imported. */
import { type AzureAnswer, type AzureRequest, vaultFault } from "./azure-message.ts";
import { importedCertificate, importedKey, isPem } from "./imported.ts";
import type { VaultCall } from "./key-vault.ts";
import { newVersion, type ObjectSettings, type ObjectVersion } from "./vault-table.ts";
import { objectView } from "./vault-views.ts";

const PEM_TYPE = "application/x-pem-file";
const PKCS12_TYPE = "application/x-pkcs12";

interface WriteBody extends ObjectSettings {
  readonly value?: unknown;
  readonly contentType?: string;
  readonly key?: Readonly<Record<string, unknown>>;
  readonly policy?: { readonly secret_props?: { readonly contentType?: string } };
}

function bodyOf({ body }: AzureRequest): WriteBody {
  try {
    return JSON.parse(body) as WriteBody;
  } catch {
    throw vaultFault(400, "BadParameter", "The request body is not JSON.");
  }
}

/** @throws AzureFault 409 while a deleted object holds the name. */
function requireFree({ tables, kind, name }: VaultCall): void {
  if (!tables[kind].isDeleted(name)) return;
  const text = `${name} is currently in a deleted but recoverable state, and its name cannot be reused.`;
  throw vaultFault(409, "Conflict", text, "ObjectIsDeletedButRecoverable");
}

export function setSecret(call: VaultCall): AzureAnswer {
  const { value, contentType, attributes, tags } = bodyOf(call.request);
  if (typeof value !== "string" || Buffer.byteLength(value) > call.maxValueBytes) {
    throw vaultFault(400, "BadParameter", "Property value is invalid.");
  }
  requireFree(call);
  const fields = { value, ...(contentType === undefined ? {} : { contentType }) };
  return { body: objectView(call, call.tables.secrets.add(call.name, fields, settings(attributes, tags))) };
}

function settings(attributes: ObjectSettings["attributes"], tags: ObjectSettings["tags"]): ObjectSettings {
  return { ...(attributes === undefined ? {} : { attributes }), ...(tags === undefined ? {} : { tags }) };
}

export function updateSecret(call: VaultCall, version: ObjectVersion): AzureAnswer {
  const { attributes, tags } = bodyOf(call.request);
  Object.assign(version.attributes, attributes);
  if (tags !== undefined) version.tags = tags;
  return { body: objectView(call, version, false) };
}

/** Also makes the secret and the key of the certificate. */
export function importCertificate(call: VaultCall): AzureAnswer {
  const { value, policy, tags } = bodyOf(call.request);
  const text = typeof value === "string" ? value : "";
  const certificate = importedCertificate(text);
  requireFree(call);
  const { tables, name } = call;
  const attributes = { nbf: secondsOf(certificate.validFrom), exp: secondsOf(certificate.validTo) };
  const fields = {
    cer: certificate.raw.toString("base64"),
    x5t: Buffer.from(certificate.fingerprint.replaceAll(":", ""), "hex").toString("base64url"),
    policy: policy ?? {},
  };
  const id = newVersion();
  const object = tables.certificates.add(name, fields, settings(attributes, tags), id);
  const secret = { value, contentType: isPem(text) ? PEM_TYPE : PKCS12_TYPE, managed: true };
  tables.secrets.add(name, secret, settings(attributes, tags), id);
  const key = { ...certificate.publicKey.export({ format: "jwk" }) };
  tables.keys.add(name, { key, managed: true }, settings(attributes, tags), id);
  return { body: objectView(call, object) };
}

function secondsOf(date: string): number {
  return Math.floor(Date.parse(date) / 1_000);
}

export function importKey(call: VaultCall): AzureAnswer {
  const { key = {}, attributes, tags } = bodyOf(call.request);
  const fields = { key: importedKey(key) };
  requireFree(call);
  return { body: objectView(call, call.tables.keys.add(call.name, fields, settings(attributes, tags))) };
}
