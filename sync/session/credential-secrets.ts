/** Credentials of the program in the place of the Secrets that a store refers to. */
import type { KubeSecret } from "../../controller/cache/secret-record.ts";
import type { KubeClient, KubeObject } from "../../controller/kube/contracts.ts";
import { InvalidConfiguration } from "../../providers/errors.ts";
import type { Credentials, CredentialValue } from "../resource/inputs.ts";

/** By which an owner agrees to the use of a Secret in a webhook's texts: whoever gave the credential did. */
const CONSENT = { "external-secrets.io/type": "webhook" } as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** A client that answers with the credentials where a Secret of such a name is read, in any namespace; else with the cluster's. */
export function withCredentials(kube: KubeClient, credentials: Credentials, environment: Environment): KubeClient {
  return {
    ...kube,
    async get<T extends KubeObject>(...[type, name, signal]: Parameters<KubeClient["get"]>): Promise<T> {
      if (type.kind !== "Secret" || !Object.hasOwn(credentials, name.name)) return kube.get<T>(type, name, signal);
      // A Secret is what was asked for.
      return secretOf(name.name, credentials[name.name] ?? {}, environment) as KubeObject as T;
    },
  };
}

function secretOf(
  name: string,
  values: Readonly<Record<string, CredentialValue>>,
  environment: Environment,
): KubeSecret {
  const data = Object.entries(values).map(([key, value]) => [
    key,
    Buffer.from(textOf(name, key, value, environment)).toString("base64"),
  ]);
  return { metadata: { name, labels: CONSENT }, data: Object.fromEntries(data) };
}

/** @throws InvalidConfiguration naming the environment variable that is not set. */
function textOf(name: string, key: string, value: CredentialValue, environment: Environment): string {
  if (typeof value === "string") return value;
  const text = environment[value.env];
  if (text !== undefined && text !== "") return text;
  throw new InvalidConfiguration(`the environment variable ${value.env} is not set`, {
    field: `credentials.${name}.${key}`,
    remedy: `set ${value.env} where pulumi runs, or give the credential itself`,
  });
}
