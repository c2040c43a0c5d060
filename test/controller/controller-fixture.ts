/** A whole controller at work on a fake API server and a fake clock, with stores of the `fake` backend. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { ExternalSecret, ExternalSecretSpec } from "../../api/external-secret.ts";
import type { SecretStore } from "../../api/secret-store.ts";
import { createKubeClient } from "../../controller/kube/client.ts";
import { type ControllerOptions, DEFAULT_OPTIONS } from "../../controller/options.ts";
import { runController } from "../../controller/run.ts";
import type { ControllerSurroundings } from "../../controller/surroundings.ts";
import { eventually } from "../eventually.ts";
import { FakeClock } from "../fake-clock.ts";
import { type FakeApiServer, startFakeApiServer } from "./kube/fake-api-server.ts";
import type { FakeObject } from "./kube/fake-object-store.ts";
import { keepingLogger, type LogLine } from "./kube/test-parts.ts";

export const EXTERNAL_SECRETS = "/apis/external-secrets.io/v1/externalsecrets";
export const STORES = "/apis/external-secrets.io/v1/secretstores";
export const CLUSTER_STORES = "/apis/external-secrets.io/v1/clustersecretstores";
export const SECRETS = "/api/v1/secrets";
export const NAMESPACES = "/api/v1/namespaces";
export const EVENTS = "/api/v1/events";

const API_VERSION = "external-secrets.io/v1";

/** What is stored in the cluster as a Secret. */
export interface StoredSecret extends FakeObject {
  readonly data?: Readonly<Record<string, string>>;
}

export interface FakeEvent {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly about: string;
}

export interface ControllerFixture {
  readonly server: FakeApiServer;
  readonly clock: FakeClock;
  readonly lines: LogLine[];
  readonly ports: { readonly metrics?: number; readonly live?: number };
  /** Creates or replaces an object as a user would. */
  put(collection: string, object: object): FakeObject;
  /** Changes an object as a user would. */
  edit(collection: string, key: string, change: (object: FakeObject) => object): FakeObject;
  externalSecret(key: string): ExternalSecret | undefined;
  store(key: string): SecretStore | undefined;
  secret(key: string): StoredSecret | undefined;
  /** A Secret's data as text. */
  dataOf(key: string): Readonly<Record<string, string>> | undefined;
  events(): readonly FakeEvent[];
  /** Waits, moving the clock on by `stepMs` (default 100 ms) each turn. */
  soon<T>(what: string, look: () => T | undefined | false, stepMs?: number): Promise<T>;
  /** Waits for a Ready condition with that status whose message matches. */
  ready(key: string, status: "True" | "False", message?: RegExp): Promise<string>;
  /** Waits for a condition of that type with that status and reason, and gives its message. */
  condition(key: string, type: "Ready" | "Synced", status: "True" | "False", reason: string): Promise<string>;
  /** Moves the clock on and lets all that follows happen. */
  pass(ms: number): Promise<void>;
  /** PATCH, POST and DELETE requests so far, without events. */
  writes(): string[];
  metrics(): Promise<string>;
  stop(): Promise<void>;
}

export interface ControllerFixtureOptions {
  readonly options?: Partial<ControllerOptions>;
  readonly surroundings?: Partial<ControllerSurroundings>;
  /** Objects that are there before the controller starts. */
  readonly before?: (server: FakeApiServer) => void;
  readonly server?: FakeApiServer;
  readonly clock?: FakeClock;
}

/** Starts server and controller; both end with the test. */
export async function startTestController(
  context: TestContext,
  given: ControllerFixtureOptions = {},
): Promise<ControllerFixture> {
  const clock = given.clock ?? new FakeClock();
  const server = given.server ?? (await startFakeApiServer({ clock, protocol: "http" }));
  given.before?.(server);
  const kube = createKubeClient(server.config(), { clock, qps: 0 });
  const logger = keepingLogger();
  const abort = new AbortController();
  const listening = Promise.withResolvers<ControllerFixture["ports"]>();
  const addresses = { metricsAddress: "127.0.0.1:0", liveAddress: "127.0.0.1:0" };
  const running = runController(
    { ...DEFAULT_OPTIONS, ...addresses, ...given.options },
    {
      ...{ kube, clock, logger, random: () => 0.5, environment: {}, signal: abort.signal },
      onListening: listening.resolve,
      ...given.surroundings,
    },
  );
  const stop = async () => {
    abort.abort(new Error("the test is over"));
    await running;
    kube.close();
    if (given.server === undefined) await server.close();
  };
  context.after(stop);
  const ports = await listening.promise;
  return { ...accessors(server, clock, ports), server, clock, lines: logger.lines, ports, stop };
}

function accessors(server: FakeApiServer, clock: FakeClock, ports: ControllerFixture["ports"]) {
  const get = <T>(collection: string, key: string) => server.store.get(collection, key) as T | undefined;
  const secret = (key: string) => get<StoredSecret>(SECRETS, key);
  const soon: ControllerFixture["soon"] = (what, look, stepMs = 100) =>
    eventually(what, look, { onTurn: () => clock.advance(stepMs) });
  return {
    put: (collection: string, object: object) => server.store.put(collection, object as FakeObject),
    edit(collection: string, key: string, change: (object: FakeObject) => object) {
      const present = server.store.get(collection, key);
      assert.ok(present, `${collection} has no ${key}`);
      return server.store.put(collection, change(present) as FakeObject);
    },
    externalSecret: (key: string) => get<ExternalSecret>(EXTERNAL_SECRETS, key),
    store: (key: string) => get<SecretStore>(storesOf(key), key),
    secret,
    dataOf: (key: string) => decoded(secret(key)),
    events: () => server.store.all(EVENTS).map(eventOf),
    soon,
    ready: readiness(get, soon),
    condition: (key: string, type: string, status: string, reason: string) =>
      soon(`${key} ${type}=${status} ${reason}`, () => {
        const conditions = get<ExternalSecret>(EXTERNAL_SECRETS, key)?.status?.conditions;
        const found = conditions?.find((one) => one.type === type);
        return found?.status === status && found.reason === reason && (found.message ?? "");
      }),
    async pass(ms: number) {
      for (let turn = 0; turn < 20; turn++) {
        await clock.advance(ms / 20);
        // Requests of this turn travel over real sockets.
        await new Promise((resolve) => setTimeout(resolve, 3));
      }
    },
    writes: () =>
      server.requests
        .filter(({ verb, plural }) => ["create", "update", "patch", "delete"].includes(verb) && plural !== "events")
        .map(
          ({ verb, plural, subresource, name }) => `${verb} ${plural}${subresource ? `/${subresource}` : ""} ${name}`,
        ),
    metrics: async () => (await fetch(`http://127.0.0.1:${ports.metrics}/metrics`)).text(),
  };
}

function readiness(
  get: <T>(collection: string, key: string) => T | undefined,
  soon: ControllerFixture["soon"],
): ControllerFixture["ready"] {
  return async (key, status, message = /.*/) => {
    let last: unknown;
    const look = () => {
      const found = get<ExternalSecret>(EXTERNAL_SECRETS, key) ?? get<SecretStore>(storesOf(key), key);
      last = found?.status?.conditions;
      const condition = found?.status?.conditions?.find(({ type }) => type === "Ready");
      return condition?.status === status && message.test(condition.message ?? "") && (condition.message ?? "");
    };
    try {
      return await soon(`${key} Ready=${status} ${message}`, look);
    } catch (error) {
      throw new Error(`the conditions are ${JSON.stringify(last)}`, { cause: error });
    }
  };
}

function storesOf(key: string): string {
  return key.includes("/") ? STORES : CLUSTER_STORES;
}

function decoded(secret: StoredSecret | undefined): Readonly<Record<string, string>> | undefined {
  if (secret === undefined) return undefined;
  const entries = Object.entries(secret.data ?? {});
  return Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, "base64").toString()]));
}

function eventOf(object: FakeObject): FakeEvent {
  const { type, reason, message, involvedObject } = object as unknown as FakeEvent & {
    readonly involvedObject: { readonly kind: string; readonly name: string };
  };
  return { type, reason, message, about: `${involvedObject.kind}/${involvedObject.name}` };
}

/** A store that holds these values itself. */
export function fakeStore(key: string, data: Readonly<Record<string, string>>, more: object = {}): object {
  const [first = "", name] = key.split("/");
  const metadata = name === undefined ? { name: first } : { namespace: first, name };
  const entries = Object.entries(data).map(([secretKey, value]) => ({ key: secretKey, value }));
  return {
    apiVersion: API_VERSION,
    kind: name === undefined ? "ClusterSecretStore" : "SecretStore",
    metadata,
    spec: { provider: { fake: { data: entries } }, ...more },
  };
}

/** An ExternalSecret of store `store`, whose key `password` comes from `app/db`. */
export function externalSecret(key: string, spec: Partial<ExternalSecretSpec> = {}, metadata: object = {}): object {
  const [namespace = "", name = ""] = key.split("/");
  return {
    apiVersion: API_VERSION,
    kind: "ExternalSecret",
    metadata: { namespace, name, ...metadata },
    spec: {
      secretStoreRef: { name: "store" },
      refreshInterval: "1h",
      target: { creationPolicy: "Owner", deletionPolicy: "Retain" },
      data: [{ secretKey: "password", remoteRef: { key: "app/db" } }],
      ...spec,
    },
  };
}
