/** How Key Vault shows its objects. */
import type { VaultCall } from "./key-vault.ts";
import type { Attributes, ObjectVersion } from "./vault-table.ts";

/** The collections of a vault. */
export type Kind = "secrets" | "certificates" | "keys";

const KEPT_DAYS = 90;
const DAY_SECONDS = 86_400;

/** The whole object, in the form of its kind; a secret without its value where `withValue` is false. */
export function objectView(
  { request: { origin }, kind, name }: VaultCall,
  { id, fields, attributes, tags }: ObjectVersion,
  withValue = true,
): object {
  const address = `${origin}/${kind}/${name}/${id}`;
  const common = { attributes: attributesView(attributes), ...(tags === undefined ? {} : { tags }) };
  if (kind === "keys") return { key: { kid: address, ...(fields.key as object) }, ...common };
  if (kind === "secrets") {
    const { value, ...others } = fields;
    return { ...(withValue ? { value } : {}), id: address, ...others, ...common };
  }
  const backing = { kid: `${origin}/keys/${name}/${id}`, sid: `${origin}/secrets/${name}/${id}` };
  return { id: address, ...backing, ...fields, ...common };
}

/** The object in a list: without what it holds. */
export function itemView(address: string, kind: Kind, { fields, attributes, tags }: ObjectVersion): object {
  const { contentType, managed, x5t } = fields;
  return {
    ...(kind === "keys" ? { kid: address } : { id: address }),
    attributes: attributesView(attributes),
    ...Object.fromEntries(
      Object.entries({ contentType, managed, x5t, tags }).filter(([, value]) => value !== undefined),
    ),
  };
}

/** The object among the deleted ones. */
export function deletedView(call: VaultCall, object: ObjectVersion): object {
  const { origin } = call.request;
  const deletedDate = object.attributes.updated;
  return {
    ...objectView(call, object, false),
    recoveryId: `${origin}/deleted${call.kind}/${call.name}`,
    deletedDate,
    scheduledPurgeDate: deletedDate + KEPT_DAYS * DAY_SECONDS,
  };
}

function attributesView(attributes: Attributes): object {
  return { ...attributes, recoveryLevel: "Recoverable+Purgeable", recoverableDays: KEPT_DAYS };
}
