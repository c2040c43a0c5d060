/** Watches over targets that are no Secrets: one per kind, from its first use until no ExternalSecret names the kind any longer. */
import type { Clock } from "../../api/clock.ts";
import { MANAGED_LABEL, MANAGED_VALUE } from "../../api/labels.ts";
import type { TargetKind } from "../../engine/generic-target.ts";
import { KeyIndex } from "../cache/key-index.ts";
import { OwnWrites } from "../cache/own-writes.ts";
import type { KubeClient, KubeObject, Logger, Reflector, ResourceType } from "../kube/contracts.ts";
import { createReflector } from "../kube/reflector.ts";
import { kindKeyOf } from "./resource-types.ts";
import { type TargetRecord, targetRecordOf } from "./target-record.ts";

export interface TargetWatchesParts {
  readonly kube: KubeClient;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  /** Only these namespaces are watched; unset: all. */
  readonly namespaces: readonly string[] | undefined;
  /** Hears of the keys of ExternalSecrets whose target changed, or is known only now. */
  readonly run: (externalSecrets: Iterable<string>) => void;
}

interface Watch {
  readonly type: ResourceType;
  readonly reflector: Reflector<TargetRecord>;
  readonly current: OwnWrites<TargetRecord>;
  /** From the uid of a controlling owner to the keys of objects. */
  readonly byOwner: KeyIndex;
  /** Body hashes of objects as they were when they were found right or made so. */
  readonly rightBodies: Map<string, string>;
  readonly stop: AbortController;
}

/** What is known of one target: `unknown` while its kind is not watched (yet). */
export type KnownTarget = { readonly record: TargetRecord; readonly isRight: boolean } | "missing" | "unknown";

/** Full objects travel, so pages are small; only hashes stay. */
const PAGE_SIZE = 100;

/** A watch that cannot be (a role is missing) is told in the log and tried again; nothing waits for it. */
export class TargetWatches {
  readonly #parts: TargetWatchesParts;
  readonly #watches = new Map<string, Watch>();
  /** Keys of ExternalSecrets, by kind, and by target. */
  readonly #users = new KeyIndex();
  readonly #running = new Set<Promise<void>>();
  #isClosed = false;

  constructor(parts: TargetWatchesParts) {
    this.#parts = parts;
  }

  /** Declares the target of an ExternalSecret; undefined: it has none that is no Secret. Watches without a user end. */
  use(externalSecret: string, target: (TargetKind & { readonly key: string }) | undefined): void {
    const kindKey = target && kindKeyOf(target);
    this.#users.set(externalSecret, target && kindKey ? [kindKey, termOf(kindKey, target.key)] : []);
    for (const watched of [...this.#watches.keys()]) {
      if (this.#users.keysOf(watched).size === 0) this.#end(watched);
    }
  }

  /** Begins to watch, where there is a user and no watch yet, or one of another resource type. */
  start(target: TargetKind, type: ResourceType): void {
    const kindKey = kindKeyOf(target);
    const present = this.#watches.get(kindKey);
    if (present !== undefined && present.type.plural !== type.plural) this.#end(kindKey);
    if (this.#isClosed || this.#watches.has(kindKey) || this.#users.keysOf(kindKey).size === 0) return;
    this.#watches.set(kindKey, this.#begin(kindKey, type));
  }

  /** @param key `namespace/name` */
  find(target: TargetKind, key: string): KnownTarget {
    const watch = this.#watches.get(kindKeyOf(target));
    if (watch === undefined || !watch.reflector.isSynced) return "unknown";
    const record = watch.current.get(key);
    if (record === undefined) return "missing";
    return { record, isRight: watch.rightBodies.get(key) === record.bodyHash };
  }

  /** The target is right as it is in this answer of the API server. */
  note(target: TargetKind, object: KubeObject, key: string): void {
    const watch = this.#watches.get(kindKeyOf(target));
    if (watch === undefined) return;
    const record = targetRecordOf(object);
    watch.current.note(record);
    watch.rightBodies.set(key, record.bodyHash);
  }

  /** Objects of the kind whose controller has that uid. */
  ownedBy(target: TargetKind, uid: string): readonly TargetRecord[] {
    const watch = this.#watches.get(kindKeyOf(target));
    return [...(watch?.byOwner.keysOf(uid) ?? [])].flatMap((key) => watch?.reflector.get(key) ?? []);
  }

  /** How many kinds are watched. */
  get size(): number {
    return this.#watches.size;
  }

  /** Ends all watches for good. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const kindKey of [...this.#watches.keys()]) this.#end(kindKey);
    await Promise.all(this.#running);
  }

  #begin(kindKey: string, type: ResourceType): Watch {
    const { kube: client, clock, random, logger, namespaces, run } = this.#parts;
    const labelSelector = `${MANAGED_LABEL}=${MANAGED_VALUE}`;
    const common = { client, type, clock, random, logger, namespaces, labelSelector, pageSize: PAGE_SIZE };
    const reflector = createReflector<KubeObject, TargetRecord>({ ...common, transform: targetRecordOf });
    const current = new OwnWrites(reflector, clock);
    const byOwner = new KeyIndex();
    const rightBodies = new Map<string, string>();
    reflector.onChange(({ key, object, type: change }) => {
      const owners = (object.metadata.ownerReferences ?? []).filter(({ controller }) => controller === true);
      byOwner.set(key, change === "deleted" ? [] : owners.map(({ uid }) => uid));
      if (change === "deleted") rightBodies.delete(key);
      run(this.#users.keysOf(termOf(kindKey, key)));
    });
    const stop = new AbortController();
    const running = reflector.run(stop.signal);
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
    // What the first list did not show is missing, which no change tells.
    void reflector.synced.then(() => run(this.#users.keysOf(kindKey)));
    logger.info("watching targets", { kind: kindKey });
    return { type, reflector, current, byOwner, rightBodies, stop };
  }

  #end(kindKey: string): void {
    this.#watches.get(kindKey)?.stop.abort(new Error("the watch is no longer needed"));
    this.#watches.delete(kindKey);
  }
}

function termOf(kindKey: string, key: string): string {
  return `${kindKey} ${key}`;
}
