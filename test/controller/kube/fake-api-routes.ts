/** What the fake API server does with requests for objects. */
import type { Clock } from "../../../api/clock.ts";
import { answerJson, type FakeOutgoing, type FakeRequest, Refusal } from "./fake-api-request.ts";
import { type FieldOwners, mergePatch, serverSideApply } from "./fake-apply.ts";
import { withManagedFields } from "./fake-managed-fields.ts";
import { type FakeObject, type FakeObjectStore, storeKeyOf } from "./fake-object-store.ts";
import { matchesFields, matchesLabels } from "./fake-selectors.ts";

/** The rest of a list that was begun. */
interface OpenList {
  readonly items: readonly FakeObject[];
  readonly version: number;
}

export class FakeApiRoutes {
  readonly #store: FakeObjectStore;
  readonly #clock: Clock;
  /** Upper limit of a page, whatever is asked for. */
  readonly #pageLimit: number;
  readonly #owners = new Map<string, FieldOwners>();
  readonly #lists = new Map<string, OpenList>();
  #counter = 0;

  constructor(store: FakeObjectStore, clock: Clock, pageLimit: number) {
    this.#store = store;
    this.#clock = clock;
    this.#pageLimit = pageLimit;
  }

  /** Everything but watches. */
  answer(request: FakeRequest, outgoing: FakeOutgoing): void {
    answerJson(outgoing, request.verb === "create" ? 201 : 200, this.#resultOf(request));
  }

  #resultOf(request: FakeRequest): object {
    switch (request.verb) {
      case "list":
        return this.#list(request);
      case "create":
        return this.#create(request);
      case "get":
        return presented(request, this.#live(request));
      case "update":
        return this.#update(request);
      case "patch":
        return this.#patch(request);
      case "delete":
        return this.#delete(request);
      case "watch":
        throw new TypeError("watches are answered elsewhere");
    }
  }

  #list(request: FakeRequest): object {
    const { query } = request;
    const token = query.get("continue");
    const open = token === null ? this.#begun(request) : this.#continued(token);
    const limit = Math.min(Number(query.get("limit") ?? Number.POSITIVE_INFINITY), this.#pageLimit);
    const items = open.items.slice(0, limit);
    const rest = open.items.slice(limit);
    let next: string | undefined;
    if (rest.length > 0) {
      next = `continue-${this.#counter++}`;
      this.#lists.set(next, { items: rest, version: open.version });
    }
    return {
      apiVersion: isMetadataOnly(request) ? "meta.k8s.io/v1" : apiVersionOf(request),
      kind: isMetadataOnly(request) ? "PartialObjectMetadataList" : "List",
      metadata: { resourceVersion: String(open.version), ...(next === undefined ? {} : { continue: next }) },
      items: items.map((object) => presented(request, object, { inList: true })),
    };
  }

  #begun(request: FakeRequest): OpenList {
    const items = this.#store.all(request.collection).filter((object) => isSelected(request, object));
    return { items, version: this.#store.version };
  }

  #continued(token: string): OpenList {
    const open = this.#lists.get(token);
    if (open === undefined || this.#store.since(open.version) === undefined) {
      throw new Refusal({ status: 410, reason: "Expired", message: "the provided continue parameter is too old" });
    }
    this.#lists.delete(token);
    return open;
  }

  #create(request: FakeRequest): object {
    if (request.plural === "serviceaccounts" && request.subresource === "token") return this.#token(request);
    const body = request.body as FakeObject;
    const generated = body.metadata.name ?? `${body.metadata.generateName ?? ""}${this.#counter++}`;
    const object = inNamespace(request, { ...body, metadata: { ...body.metadata, name: generated } });
    if (this.#store.get(request.collection, storeKeyOf(object)) !== undefined) {
      throw new Refusal({
        status: 409,
        reason: "AlreadyExists",
        message: `${request.plural} "${generated}" already exists`,
      });
    }
    return this.#store.put(request.collection, object);
  }

  #token(request: FakeRequest): object {
    const { namespace, name } = request;
    if (this.#store.get(request.collection, `${namespace}/${name}`) === undefined) throw notFound(request);
    const { spec } = request.body as { readonly spec: { readonly expirationSeconds: number } };
    const expiresAt = new Date(this.#clock.now() + spec.expirationSeconds * 1_000);
    const token = `fake-token.${namespace}.${name}.${this.#counter++}`;
    const expirationTimestamp = expiresAt.toISOString();
    return {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec,
      status: { token, expirationTimestamp },
    };
  }

  #live(request: FakeRequest): FakeObject {
    const object = this.#store.get(request.collection, keyOfRequest(request));
    if (object === undefined) throw notFound(request);
    return object;
  }

  #update(request: FakeRequest): FakeObject {
    const live = this.#live(request);
    const body = request.body as FakeObject;
    checkPreconditions(live, body.metadata);
    return this.#store.put(request.collection, withStatusRule(request, live, inNamespace(request, body)));
  }

  #patch(request: FakeRequest): FakeObject {
    if (request.headers["content-type"] === "application/apply-patch+yaml") return this.#apply(request);
    const live = this.#live(request);
    const patch = request.body as FakeObject;
    if (patch.metadata !== undefined) checkPreconditions(live, patch.metadata);
    const patched = mergePatch(live, patch) as FakeObject;
    return this.#store.put(request.collection, withStatusRule(request, live, patched));
  }

  #apply(request: FakeRequest): FakeObject {
    const manager = request.query.get("fieldManager");
    if (!manager)
      throw new Refusal({ status: 400, reason: "BadRequest", message: "fieldManager is required for apply patch" });
    const key = keyOfRequest(request);
    const live = this.#store.get(request.collection, key);
    if (live === undefined && request.subresource !== undefined) throw notFound(request);
    const body = inNamespace(request, request.body as FakeObject);
    if (live !== undefined) checkPreconditions(live, body.metadata);
    const id = `${request.collection}/${key}/${live?.metadata.uid ?? "new"}`;
    const owners: FieldOwners = this.#owners.get(id) ?? new Map();
    const result = serverSideApply(live, body, owners, { manager, force: request.query.get("force") === "true" });
    if ("conflicts" in result) throw conflictOf(result.conflicts);
    const managed = withManagedFields(result.object, live, owners);
    const stored = this.#store.put(request.collection, withStatusRule(request, live, managed));
    this.#owners.delete(id);
    this.#owners.set(`${request.collection}/${key}/${stored.metadata.uid}`, owners);
    return stored;
  }

  #delete(request: FakeRequest): FakeObject {
    const live = this.#live(request);
    const options = request.body as { readonly preconditions?: FakeObject["metadata"] } | undefined;
    if (options?.preconditions !== undefined) checkPreconditions(live, options.preconditions);
    return this.#store.remove(request.collection, keyOfRequest(request)) ?? live;
  }
}

/** Whether namespace and selectors of the request let the object through. */
export function isSelected(request: FakeRequest, object: FakeObject): boolean {
  const labels = request.query.get("labelSelector");
  const fields = request.query.get("fieldSelector");
  return (
    (request.namespace === undefined || object.metadata.namespace === request.namespace) &&
    (labels === null || matchesLabels(object, labels)) &&
    (fields === null || matchesFields(object, fields))
  );
}

/** As the request's Accept header asks for it; built-in types lose kind and apiVersion in lists, as the API server does it. */
export function presented(
  request: FakeRequest,
  object: FakeObject,
  options: { readonly inList?: boolean } = {},
): object {
  if (isMetadataOnly(request)) {
    return { apiVersion: "meta.k8s.io/v1", kind: "PartialObjectMetadata", metadata: object.metadata };
  }
  const isBuiltIn = request.collection.startsWith("/api/");
  if (!options.inList || !isBuiltIn) return object;
  const { apiVersion: _apiVersion, kind: _kind, ...rest } = object;
  return rest;
}

function isMetadataOnly(request: FakeRequest): boolean {
  return (request.headers.accept ?? "").includes("as=PartialObjectMetadata");
}

function apiVersionOf(request: FakeRequest): string {
  return request.collection.split("/").slice(2, -1).join("/");
}

function keyOfRequest(request: FakeRequest): string {
  return request.namespace === undefined ? (request.name ?? "") : `${request.namespace}/${request.name}`;
}

function inNamespace(request: FakeRequest, object: FakeObject): FakeObject {
  if (request.namespace === undefined) return object;
  return { ...object, metadata: { ...object.metadata, namespace: request.namespace } };
}

/** `/status` changes the status alone; custom resources change the rest alone by themselves. */
function withStatusRule(request: FakeRequest, live: FakeObject | undefined, next: FakeObject): FakeObject {
  if (request.subresource === "status" && live !== undefined) return { ...live, status: next.status };
  if (request.collection.startsWith("/api/") || live === undefined) return next;
  const { status: _status, ...rest } = next;
  return live.status === undefined
    ? { ...rest, metadata: next.metadata }
    : { ...rest, metadata: next.metadata, status: live.status };
}

function checkPreconditions(live: FakeObject, wanted: Partial<FakeObject["metadata"]>): void {
  for (const field of ["uid", "resourceVersion"] as const) {
    if (wanted[field] === undefined || wanted[field] === live.metadata[field]) continue;
    throw new Refusal({ status: 409, reason: "Conflict", message: `the precondition ${field} failed` });
  }
}

function notFound(request: FakeRequest): Refusal {
  const message = `${request.plural} "${request.name}" not found`;
  return new Refusal({ status: 404, reason: "NotFound", message });
}

function conflictOf(conflicts: readonly { readonly manager: string; readonly field: string }[]): Refusal {
  return new Refusal({
    status: 409,
    reason: "Conflict",
    message: `Apply failed with ${conflicts.length} conflict(s)`,
    causes: conflicts.map(({ manager, field }) => ({
      reason: "FieldManagerConflict",
      message: `conflict with "${manager}"`,
      field,
    })),
  });
}
