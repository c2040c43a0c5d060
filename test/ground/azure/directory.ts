/** Who there is in the emulated Azure, and what each may do. */

/** A service account's tokens that an application accepts. */
export interface Federation {
  readonly issuer: string;
  /** `system:serviceaccount:NAMESPACE:NAME` */
  readonly subject: string;
  /** Default `api://AzureADTokenExchange`. */
  readonly audience?: string;
}

export interface Identity {
  readonly clientId: string;
  /** `secrets/get` and the like, for all objects; `*` is all. Or who decides for each object; its name is empty for a list. */
  readonly permissions: readonly string[] | ((action: string, name: string) => boolean);
}

export interface Application extends Identity {
  readonly secrets?: readonly string[];
  /** PEM of the certificates that its assertions may be signed with. */
  readonly certificates?: readonly string[];
  readonly federations?: readonly Federation[];
}

/** An application that may do everything. */
export const EXAMPLE_APPLICATION = {
  clientId: "11111111-2222-3333-4444-555555555555",
  secrets: ["example-client-secret"],
  permissions: ["*"],
} as const satisfies Application;

/** The only tenant, unless the options name another. */
export const EXAMPLE_TENANT = "99999999-8888-7777-6666-555555555555";

/** Whether the identity may do it: `secrets/get`, to the object of that name. */
export function isAllowed({ permissions }: Identity, action: string, name: string): boolean {
  if (typeof permissions === "function") return permissions(action, name);
  return permissions.includes("*") || permissions.includes(action);
}
