/** All that the controller does about targets of another kind than Secret, behind `--unsafe-allow-generic-targets`. */
import type { ExternalSecret } from "../../api/external-secret.ts";
import { DATA_HASH_ANNOTATION, MANAGED_LABEL, MANAGED_VALUE } from "../../api/labels.ts";
import { targetNameOf } from "../../engine/desired-secret.ts";
import { genericTargetOf, type TargetKind } from "../../engine/generic-target.ts";
import { InvalidConfiguration } from "../../providers/errors.ts";
import type { RefreshFacts } from "../external-secret/decide-refresh.ts";
import type { KubeObject, ResourceType } from "../kube/contracts.ts";
import { KubeApiError } from "../kube/kube-api-error.ts";
import { keyOf } from "../kube/object-key.ts";
import { ResourceTypes } from "./resource-types.ts";
import type { TargetRecord } from "./target-record.ts";
import { TargetWatches, type TargetWatchesParts } from "./target-watches.ts";

/** Of a target of which nothing is known yet: no reason to refresh. */
const ASSUMED_RIGHT: NonNullable<RefreshFacts["secret"]> = {
  metadata: {
    name: "",
    uid: "unknown",
    labels: { [MANAGED_LABEL]: MANAGED_VALUE },
    annotations: { [DATA_HASH_ANNOTATION]: "" },
  },
  dataHash: "",
};

/** `namespace/name` of the target. */
function targetKeyOf(externalSecret: ExternalSecret): string {
  return keyOf({ namespace: externalSecret.metadata.namespace ?? "", name: targetNameOf(externalSecret) });
}

/** Knows the kinds, and watches over the targets. */
export class GenericTargets {
  readonly #types: ResourceTypes;
  readonly #watches: TargetWatches;
  readonly #logger: TargetWatchesParts["logger"];

  constructor(parts: TargetWatchesParts) {
    this.#types = new ResourceTypes(parts.kube);
    this.#watches = new TargetWatches(parts);
    this.#logger = parts.logger;
  }

  /** Declares an ExternalSecret as it is now; undefined: it is gone. */
  use(key: string, externalSecret: ExternalSecret | undefined): void {
    const target = externalSecret && genericTargetOf(externalSecret);
    this.#watches.use(key, target && externalSecret && { ...target, key: targetKeyOf(externalSecret) });
  }

  /**
   * What a decision about a refresh must know of the target; a kind that is not watched yet begins to be. Where the kind cannot be
   * found, the refresh tells why.
   */
  async facts(
    target: TargetKind,
    externalSecret: ExternalSecret,
    signal: AbortSignal,
  ): Promise<RefreshFacts["secret"]> {
    try {
      await this.typeOf(target, signal);
    } catch (error) {
      if (!(error instanceof KubeApiError || error instanceof InvalidConfiguration)) throw error;
      this.#logger.debug("the kind of a target is not known", { error: error.message });
      return ASSUMED_RIGHT;
    }
    const known = this.#watches.find(target, targetKeyOf(externalSecret));
    if (known === "unknown") return ASSUMED_RIGHT;
    if (known === "missing") return undefined;
    const { metadata, contentHash } = known.record;
    // What the API server and others have added to what we wrote is no drift.
    return { metadata, dataHash: known.isRight ? (metadata.annotations?.[DATA_HASH_ANNOTATION] ?? "") : contentHash };
  }

  /**
   * The resource type of the kind, which is watched from now on.
   * @throws TargetKindUnknown, InvalidExternalSecret, KubeApiError
   */
  async typeOf(target: TargetKind, signal: AbortSignal): Promise<ResourceType> {
    const type = await this.#types.find(target, signal);
    this.#watches.start(target, type);
    return type;
  }

  /** After a write that the API server had no resource for. */
  forget(target: TargetKind): void {
    this.#types.forget(target);
  }

  /** The target of the ExternalSecret is right as it is in this answer of the API server. */
  note(target: TargetKind, externalSecret: ExternalSecret, object: KubeObject): void {
    this.#watches.note(target, object, targetKeyOf(externalSecret));
  }

  /** Objects of the kind that the ExternalSecret controls, as far as they are watched. */
  ownedBy(target: TargetKind, uid: string): readonly TargetRecord[] {
    return this.#watches.ownedBy(target, uid);
  }

  /** Ends all watches. */
  close(): Promise<void> {
    return this.#watches.close();
  }
}
