/** The calls to the API server that the backend needs, as the store's identity. */
import { AccessDenied, SecretNotFound } from "../errors.ts";
import { AUTHORIZATION, fieldOf, type KubeCall, type KubeCallOptions, sendCall } from "./kube-call.ts";
import type { KubeCaller } from "./kube-error.ts";
import type { KubeSecret } from "./secret-object.ts";

/** One page of a list. */
export interface SecretPage {
  readonly items: readonly KubeSecret[];
  /** The token of the next page; undefined after the last. */
  readonly next: string | undefined;
}

/** Every method throws a `SyncError`; an abort throws the signal's reason. */
export interface KubeApi {
  readonly caller: KubeCaller;
  /** @throws SecretNotFound; InvalidConfiguration where the whole namespace is missing, as far as we may see that. */
  getSecret(namespace: string, name: string, signal: AbortSignal): Promise<KubeSecret>;
  /** Undefined where the token of the page has expired: the list begins anew then. */
  listSecrets(namespace: string, query: SecretQuery, signal: AbortSignal): Promise<SecretPage | undefined>;
  /** @throws InvalidConfiguration where there is no such namespace; may it not be seen, it counts as there. */
  requireNamespace(namespace: string, signal: AbortSignal): Promise<void>;
  createSecret(namespace: string, secret: KubeSecret, signal: AbortSignal): Promise<void>;
  /** @throws Transient where it has been changed since it was read. */
  replaceSecret(namespace: string, secret: KubeSecret, signal: AbortSignal): Promise<void>;
  /** Absent is no error. @throws Transient where it has been changed since it was read. */
  deleteSecret(namespace: string, secret: KubeSecret, signal: AbortSignal): Promise<void>;
  /** Creates one of the `SelfSubject…Review`s; its `status`. */
  review(resource: string, kind: string, spec: unknown, signal: AbortSignal): Promise<unknown>;
  close(): void;
}

/** What a list asks for. */
export interface SecretQuery {
  readonly labelSelector: string;
  /** Secrets in one page. */
  readonly limit: number;
  readonly next: string | undefined;
}

type Send = (call: KubeCall, signal: AbortSignal) => Promise<unknown>;

/** Opens no connection yet. */
export function createKubeApi(options: KubeCallOptions): KubeApi {
  const send: Send = (call, signal) => sendCall(options, call, signal);
  return {
    caller: options.caller,
    ...readsBy(send),
    ...writesBy(send),
    async review(resource, kind, spec, signal) {
      const subject = { verb: "create", resource, group: AUTHORIZATION } as const;
      const body = { apiVersion: `${AUTHORIZATION}/v1`, kind, spec };
      const path = `apis/${AUTHORIZATION}/v1/${resource}`;
      return fieldOf(await send({ method: "POST", path, body, subject, kinds: [kind] }, signal), "status");
    },
    close: () => options.http.close(),
  };
}

function readsBy(send: Send): Pick<KubeApi, "getSecret" | "listSecrets" | "requireNamespace"> {
  const requireNamespace = async (namespace: string, signal: AbortSignal) => {
    const subject = { verb: "get", resource: "namespaces", group: "", name: namespace } as const;
    try {
      await send({ method: "GET", path: `api/v1/namespaces/${namespace}`, subject, kinds: ["Namespace"] }, signal);
    } catch (error) {
      // To see the namespace is more than the store needs; what it may not see is not known to be missing.
      if (!(error instanceof AccessDenied)) throw error;
    }
  };
  return {
    requireNamespace,
    async getSecret(namespace, name, signal) {
      try {
        return secretIn(await send(secretCall("get", namespace, name), signal));
      } catch (error) {
        // For a Secret in a namespace that does not exist, the API server answers the same.
        if (error instanceof SecretNotFound) await requireNamespace(namespace, signal);
        throw error;
      }
    },
    async listSecrets(namespace, query, signal) {
      return pageIn(await send(listCall(namespace, query), signal));
    },
  };
}

function writesBy(send: Send): Pick<KubeApi, "createSecret" | "replaceSecret" | "deleteSecret"> {
  return {
    async createSecret(namespace, secret, signal) {
      const call = secretCall("create", namespace, secret.metadata.name);
      await send({ ...call, path: `api/v1/namespaces/${namespace}/secrets`, body: manifestOf(secret) }, signal);
    },
    async replaceSecret(namespace, secret, signal) {
      await send({ ...secretCall("update", namespace, secret.metadata.name), body: manifestOf(secret) }, signal);
    },
    async deleteSecret(namespace, { metadata }, signal) {
      const { uid, resourceVersion } = metadata;
      const body = { apiVersion: "v1", kind: "DeleteOptions", preconditions: { uid, resourceVersion } };
      try {
        await send({ ...secretCall("delete", namespace, metadata.name), body }, signal);
      } catch (error) {
        if (!(error instanceof SecretNotFound)) throw error;
      }
    },
  };
}

const METHODS = { get: "GET", create: "POST", update: "PUT", delete: "DELETE" } as const;

function secretCall(verb: keyof typeof METHODS, namespace: string, name: string): KubeCall {
  return {
    method: METHODS[verb],
    path: `api/v1/namespaces/${namespace}/secrets/${name}`,
    subject: { verb, resource: "secrets", group: "", namespace, name },
    kinds: verb === "delete" ? ["Status", "Secret"] : ["Secret"],
  };
}

function listCall(namespace: string, { labelSelector, limit, next }: SecretQuery): KubeCall {
  return {
    method: "GET",
    path: `api/v1/namespaces/${namespace}/secrets`,
    query: {
      limit: String(limit),
      ...(labelSelector === "" ? {} : { labelSelector }),
      ...(next === undefined ? {} : { continue: next }),
    },
    subject: { verb: "list", resource: "secrets", group: "", namespace },
    kinds: ["SecretList"],
  };
}

function secretIn(answer: unknown): KubeSecret {
  // Its kind has been checked, and the API server's schema is the type.
  return answer as KubeSecret;
}

function pageIn(answer: unknown): SecretPage | undefined {
  if (answer === undefined) return undefined;
  const { items, metadata } = answer as {
    readonly items?: readonly KubeSecret[] | null;
    readonly metadata?: { readonly continue?: string };
  };
  return { items: items ?? [], next: metadata?.continue || undefined };
}

function manifestOf(secret: KubeSecret): unknown {
  return { ...secret, apiVersion: "v1", kind: "Secret" };
}
