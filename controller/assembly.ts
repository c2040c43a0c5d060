/** Puts the parts of the controller together; nothing runs yet. */
import { randomBytes } from "node:crypto";
import { createTemplateEngine } from "../engine/template-engine.ts";
import { bindBackend as bindBackendOfTable } from "../providers/index.ts";
import { type Caches, createCaches } from "./cache/caches.ts";
import { type StoreKey, storeKeysOf } from "./cache/store-key.ts";
import { errorFields } from "./describe-error.ts";
import { EventSender } from "./events.ts";
import { Absences } from "./external-secret/absences.ts";
import { DataDigest } from "./external-secret/data-digest.ts";
import { RefreshMemory } from "./external-secret/memory.ts";
import { reconcileExternalSecret } from "./external-secret/reconcile.ts";
import { GenericTargets } from "./generic-target/generic-targets.ts";
import type { WorkQueue } from "./kube/contracts.ts";
import { createWorkQueue } from "./kube/work-queue.ts";
import { ControllerMetrics } from "./metrics.ts";
import type { ControllerOptions } from "./options.ts";
import { RetryDelays } from "./retry-delays.ts";
import { reconcileStore } from "./secret-store/reconcile.ts";
import { StoreValidations } from "./secret-store/validations.ts";
import { StorageMigrations } from "./storage-migration/migrate-at-start.ts";
import { StoreClients } from "./store-clients/store-clients.ts";
import type { ControllerSurroundings } from "./surroundings.ts";
import { connectTriggers } from "./triggers.ts";

/** What `runController` starts and stops. */
export interface Assembly {
  readonly caches: Caches;
  readonly clients: StoreClients;
  readonly metrics: ControllerMetrics;
  readonly events: EventSender;
  readonly memory: RefreshMemory;
  /** Unset: targets of another kind than Secret are not permitted. */
  readonly genericTargets: GenericTargets | undefined;
  /** Unset: stored versions are left as they are. */
  readonly storageMigrations: StorageMigrations | undefined;
  readonly externalSecretQueue: WorkQueue;
  readonly storeQueue: WorkQueue;
  readonly reconcileExternalSecret: (key: string, signal: AbortSignal) => Promise<void>;
  readonly reconcileStore: (key: StoreKey, signal: AbortSignal) => Promise<void>;
}

/** Makes caches, clients, queues and reconcilers, and connects them. */
export function assemble(options: ControllerOptions, surroundings: ControllerSurroundings): Assembly {
  const { kube, clock, random, logger } = surroundings;
  const bindBackend = surroundings.bindBackend ?? bindBackendOfTable;
  const metrics = new ControllerMetrics({ extendedLabels: options.extendedMetricLabels });
  if (surroundings.processMetrics === true) metrics.collectProcess();
  const events = new EventSender({ kube, clock, logger });
  const caches = createCaches({ kube, clock, random, logger, options });
  const delays = { externalSecrets: newDelays(options, random), stores: newDelays(options, random) };
  const storesOf = (key: string) => storeKeysOf(caches.externalSecrets.get(key));
  const externalSecretQueue = newQueue("externalSecret", delays.externalSecrets, surroundings, storesOf);
  const storeQueue = newQueue("store", delays.stores, surroundings);
  const clients = new StoreClients({
    ...{ kube, clock, logger, bindBackend },
    environment: surroundings.environment,
    requestTimeoutMs: options.requestTimeoutMs,
    onCall: (provider, call, status) => metrics.countCall(provider, call, status),
    observeCall: (request) => metrics.countRequest(request),
  });
  const genericTargets = options.genericTargets
    ? new GenericTargets({
        ...{ kube, clock, random, logger, namespaces: options.namespaces },
        run: (keys) => {
          for (const key of keys) externalSecretQueue.add(key, "urgent");
        },
      })
    : undefined;
  const storageMigrations = options.migrateStorage ? new StorageMigrations({ kube, clock, logger }) : undefined;
  if (storageMigrations !== undefined) metrics.addGauge(storageMigrations.gauge());
  const triggers = connectTriggers({ caches, clients, externalSecretQueue, storeQueue, genericTargets });
  const validations = new StoreValidations(clock, (key) => triggers.runUsersOf(key));
  const memory = new RefreshMemory();
  const common = { kube, clock, random, logger, caches, clients, events, metrics, options };
  const externalSecretParts = {
    ...common,
    engine: createTemplateEngine({
      ...options.templateDelimiters,
      surroundings: { now: () => clock.now(), randomBytes },
    }),
    queue: externalSecretQueue,
    delays: delays.externalSecrets,
    memory,
    dataDigest: new DataDigest(),
    absences: new Absences(options.deletionConfirmationMs),
    secretsByOwner: triggers.secretsByOwner,
    genericTargets,
    onAccessDenied: (key: StoreKey) => {
      if (validations.isDue(key)) storeQueue.add(key, "urgent");
    },
  };
  const storeParts = { ...common, queue: storeQueue, delays: delays.stores, validations, bindBackend };
  return {
    ...{ caches, clients, metrics, events, memory, externalSecretQueue, storeQueue, genericTargets, storageMigrations },
    reconcileExternalSecret: (key, signal) => reconcileExternalSecret(externalSecretParts, key, signal),
    reconcileStore: (key, signal) => reconcileStore(storeParts, key, signal),
  };
}

function newDelays({ maxRetryIntervalMs }: ControllerOptions, random: () => number): RetryDelays {
  return new RetryDelays(maxRetryIntervalMs, random);
}

/** What a reconciler throws (a status that could not be written) is tried again like any failure. */
function newQueue(
  name: string,
  delays: RetryDelays,
  { clock, logger }: ControllerSurroundings,
  groupsOf: (key: string) => readonly string[] = () => [],
): WorkQueue {
  const queue = createWorkQueue({
    clock,
    groupsOf,
    onError(key, error) {
      logger.warn("a pass failed", { [name]: key, ...errorFields(error) });
      queue.addAfter(key, delays.next(key));
    },
  });
  return queue;
}
