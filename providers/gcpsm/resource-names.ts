/** Names of secrets and versions, as Secret Manager's addresses have them. */
import { InvalidConfiguration } from "../errors.ts";

/** Where a store's secrets are. */
export interface SecretPlace {
  readonly project: string;
  /** Of regional secrets; unset for global ones. */
  readonly location: string | undefined;
}

const SECRET_ID = /^[A-Za-z0-9_-]{1,255}$/;
const VERSION = /^[A-Za-z0-9_-]{1,63}$/;

/** `projects/p` or `projects/p/locations/l`. */
export function parentOf({ project, location }: SecretPlace): string {
  const parent = `projects/${encodeURIComponent(project)}`;
  return location ? `${parent}/locations/${location}` : parent;
}

/** @throws InvalidConfiguration for what no secret can be called. */
export function secretNameOf(place: SecretPlace, key: string): string {
  if (SECRET_ID.test(key)) return `${parentOf(place)}/secrets/${key}`;
  throw new InvalidConfiguration(`no secret in Google Secret Manager can be called "${key}"`, {
    remoteKey: key,
    remedy: "use letters, digits, - and _ only, 255 at most; the project is set in spec.provider.gcpsm.projectID",
  });
}

/** @throws InvalidConfiguration for what is neither a number nor an alias. */
export function versionNameOf(place: SecretPlace, key: string, version: string): string {
  const name = secretNameOf(place, key);
  if (VERSION.test(version)) return `${name}/versions/${version}`;
  throw new InvalidConfiguration(`"${version}" is no version of secret "${key}"`, {
    remoteKey: key,
    remedy: "give a version's number, an alias or latest",
  });
}

/** The secret's id at the end of a name that Google gives; the project in it is a number mostly. */
export function secretIdIn(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}
