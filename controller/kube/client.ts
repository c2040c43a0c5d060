/** The Kubernetes client: the calls of `KubeClient` as HTTP requests. */
import type { Clock } from "../../api/clock.ts";
import { applyBody } from "./apply-body.ts";
import { type Call, type CallPipeline, createCallPipeline } from "./call-pipeline.ts";
import type {
  KubeClient,
  KubeObject,
  ListOptions,
  ListPage,
  ObjectName,
  ResourceType,
  WatchOptions,
} from "./contracts.ts";
import { discover } from "./discover.ts";
import { KubeConnectionError } from "./kube-api-error.ts";
import type { KubeConfig } from "./kube-config.ts";
import { isMapping } from "./kubeconfig-files.ts";
import { keyOf } from "./object-key.ts";
import { createRateLimiter } from "./rate-limiter.ts";
import { apiVersionOf, collectionPath, listQuery, objectPath, queryOf, watchQuery } from "./resource-path.ts";
import { createTransport } from "./transport.ts";
import { watchEvents } from "./watch-stream.ts";

export interface KubeClientOptions {
  readonly clock: Clock;
  /** Limit of one attempt of a call, its whole answer included (of a watch: its head), in milliseconds. Default 30 s. */
  readonly requestTimeoutMs?: number;
  /** Default `external-secrets`. */
  readonly userAgent?: string;
  /** Calls per second over time, as ESO's `--client-qps`; 0 limits nothing. Default 50. */
  readonly qps?: number;
  /** Calls at once, as ESO's `--client-burst`. Default 100. */
  readonly burst?: number;
}

const SERVICE_ACCOUNTS: ResourceType = {
  group: "",
  version: "v1",
  kind: "ServiceAccount",
  plural: "serviceaccounts",
  namespaced: true,
};
type ApplyOptions = Parameters<KubeClient["apply"]>[2];
type PatchOptions = Parameters<KubeClient["mergePatch"]>[3];

const OWN_GROUP = "external-secrets.io";
const JSON_TYPE = "application/json";
const METADATA_LIST = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
const METADATA_WATCH = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

/** Connects on the first call. `close` it when it is no longer needed: it holds connections. */
export function createKubeClient(config: KubeConfig, options: KubeClientOptions): KubeClient {
  const { clock } = options;
  const transport = createTransport(config, clock);
  const pipeline = createCallPipeline({
    transport,
    credentials: config.credentials,
    limiter: createRateLimiter(clock, options.qps ?? 50, options.burst ?? 100),
    clock,
    requestTimeoutMs: options.requestTimeoutMs ?? 30_000,
    userAgent: options.userAgent ?? "external-secrets",
  });
  return {
    ...readingCalls(pipeline, clock),
    ...writingCalls(pipeline),
    ...otherCalls(pipeline),
    resourceTypes: (groupVersion, signal) => discover(pipeline, groupVersion, signal),
    close: () => transport.close(),
  };
}

function readingCalls(pipeline: CallPipeline, clock: Clock): Pick<KubeClient, "get" | "list" | "watch"> {
  return {
    async get<T extends KubeObject>(type: ResourceType, name: ObjectName, signal: AbortSignal) {
      return object<T>(await pipeline.unary(callOf("get", type, name, { path: objectPath(type, name) }), signal));
    },
    async list<T extends KubeObject>(type: ResourceType, options: ListOptions, signal: AbortSignal) {
      const path = collectionPath(type, options.namespace) + listQuery(options);
      const accept = options.metadataOnly ? METADATA_LIST : JSON_TYPE;
      const call = callOf("list", type, scopeName(options.namespace), { path, accept });
      return pageOf<T>(call, await pipeline.unary(call, signal));
    },
    watch<T extends KubeObject>(type: ResourceType, options: WatchOptions, signal: AbortSignal) {
      const path = collectionPath(type, options.namespace) + watchQuery(options);
      const accept = options.metadataOnly ? METADATA_WATCH : JSON_TYPE;
      const call = callOf("watch", type, scopeName(options.namespace), { path, accept });
      return watchEvents<T>(call, options.timeoutSeconds, clock, signal, (inner) => pipeline.open(call, inner));
    },
  };
}

function writingCalls(pipeline: CallPipeline): Pick<KubeClient, "create" | "apply" | "mergePatch"> {
  return {
    async create<T extends KubeObject>(type: ResourceType, made: T, signal: AbortSignal) {
      const path = collectionPath(type, made.metadata.namespace);
      const body = JSON.stringify(withType(type, made));
      const call = callOf("create", type, made.metadata, { path, method: "POST", body, contentType: JSON_TYPE });
      return object<T>(await pipeline.unary({ ...call, idempotent: false }, signal));
    },
    async apply<T extends KubeObject>(type: ResourceType, applied: T, options: ApplyOptions, signal: AbortSignal) {
      const { fieldManager, force, subresource } = options;
      const path =
        objectPath(type, applied.metadata, subresource) + queryOf({ fieldManager, force: force || undefined });
      const body = applyBody(withType(type, applied));
      const contentType = "application/apply-patch+yaml";
      const parts = { path, method: "PATCH", body, contentType, subresource };
      return object<T>(await pipeline.unary(callOf("patch", type, applied.metadata, parts), signal));
    },
    async mergePatch<T extends KubeObject>(
      type: ResourceType,
      name: ObjectName,
      patch: object,
      options: PatchOptions,
      signal: AbortSignal,
    ) {
      const { fieldManager, subresource } = options;
      const path = objectPath(type, name, subresource) + queryOf({ fieldManager });
      const contentType = "application/merge-patch+json";
      const parts = { path, method: "PATCH", body: JSON.stringify(patch), contentType, subresource };
      return object<T>(await pipeline.unary(callOf("patch", type, name, parts), signal));
    },
  };
}

function otherCalls(pipeline: CallPipeline): Pick<KubeClient, "delete" | "createToken"> {
  return {
    async delete(type, name, options, signal) {
      const { preconditions } = options;
      const body = JSON.stringify({
        apiVersion: "v1",
        kind: "DeleteOptions",
        ...(preconditions ? { preconditions } : {}),
      });
      const parts = { path: objectPath(type, name), method: "DELETE", body, contentType: JSON_TYPE };
      await pipeline.unary(callOf("delete", type, name, parts), signal);
    },
    async createToken(serviceAccount, request, signal) {
      const path = objectPath(SERVICE_ACCOUNTS, serviceAccount, "token");
      const spec = { audiences: request.audiences, expirationSeconds: request.expirationSeconds };
      const body = JSON.stringify({ apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec });
      const parts = { path, method: "POST", body, contentType: JSON_TYPE, subresource: "token" };
      const call = callOf("create", SERVICE_ACCOUNTS, serviceAccount, parts);
      return tokenOf(call, await pipeline.unary(call, signal));
    },
  };
}

interface CallParts {
  readonly path: string;
  readonly method?: string;
  readonly body?: string;
  readonly contentType?: string;
  readonly accept?: string;
  readonly subresource?: string | undefined;
}

function callOf(verb: string, type: ResourceType, name: ObjectName | undefined, parts: CallParts): Call {
  const isWrite = parts.body !== undefined;
  const resource = parts.subresource === undefined ? type.plural : `${type.plural}/${parts.subresource}`;
  return {
    verb,
    resource,
    ...(name === undefined ? {} : { name: keyOf(name) }),
    // Secrets in any case; and what is written elsewhere may be rendered from secrets (generic targets).
    sensitive: type.plural === "secrets" || (isWrite && type.group !== OWN_GROUP && parts.subresource !== "token"),
    idempotent: true,
    request: {
      method: parts.method ?? "GET",
      path: parts.path,
      headers: {
        accept: parts.accept ?? JSON_TYPE,
        ...(parts.contentType === undefined ? {} : { "content-type": parts.contentType }),
      },
      ...(parts.body === undefined ? {} : { body: parts.body }),
    },
  };
}

function scopeName(namespace: string | undefined): ObjectName | undefined {
  return namespace === undefined ? undefined : { name: namespace };
}

/** The server requires both fields; callers may leave them out, for the type says them. */
function withType(type: ResourceType, made: KubeObject): object {
  return { ...made, apiVersion: apiVersionOf(type), kind: type.kind };
}

/** The server's own encoding of the type that was asked for. */
function object<T>(answer: unknown): T {
  return answer as T;
}

function pageOf<T>(call: Call, answer: unknown): ListPage<T> {
  const metadata = isMapping(answer) ? answer.metadata : undefined;
  if (!isMapping(answer) || !isMapping(metadata)) throw new KubeConnectionError(call, "TORN_ANSWER");
  const items = (Array.isArray(answer.items) ? answer.items : []) as readonly T[];
  const next = typeof metadata.continue === "string" && metadata.continue !== "" ? metadata.continue : undefined;
  return {
    items,
    resourceVersion: String(metadata.resourceVersion ?? ""),
    ...(next === undefined ? {} : { continue: next }),
  };
}

function tokenOf(call: Call, answer: unknown): { readonly token: string; readonly expiresAtMs: number } {
  const status = isMapping(answer) ? answer.status : undefined;
  const token = isMapping(status) ? status.token : undefined;
  const expiresAtMs = isMapping(status) ? Date.parse(String(status.expirationTimestamp)) : Number.NaN;
  if (typeof token !== "string" || Number.isNaN(expiresAtMs)) throw new KubeConnectionError(call, "TORN_ANSWER");
  return { token, expiresAtMs };
}
