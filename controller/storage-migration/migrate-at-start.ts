/** The migration of stored versions that the leader does beside its work, once after its start. */
import type { Clock } from "../../api/clock.ts";
import { CLUSTER_SECRET_STORE, EXTERNAL_SECRET, SECRET_STORE } from "../../api/resource-types.ts";
import { describeError } from "../describe-error.ts";
import type { KubeClient, Logger } from "../kube/contracts.ts";
import { isForbidden } from "../kube/kube-api-error.ts";
import type { ReadGauge } from "../metrics.ts";
import { migrateStorage } from "./migrate-storage.ts";

const FIRST_RETRY_MS = 60_000;
const LAST_RETRY_MS = 3_600_000;

/** The kinds that the controller serves; its role names them. */
const CRDS = [EXTERNAL_SECRET, SECRET_STORE, CLUSTER_SECRET_STORE].map(({ plural, group }) => `${plural}.${group}`);

export interface StorageMigrationsParts {
  readonly kube: KubeClient;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Knows which CRDs are still to be migrated. */
export class StorageMigrations {
  readonly #parts: StorageMigrationsParts;
  readonly #pending = new Set(CRDS);

  constructor(parts: StorageMigrationsParts) {
    this.#parts = parts;
  }

  /** 1 for each CRD of which objects may be stored in an older version, else 0. */
  gauge(): ReadGauge {
    return {
      name: "external_secrets_storage_migration_pending",
      help: "Whether objects of the CRD may still be stored in an older version.",
      labelNames: ["crd"],
      read: () => CRDS.map((crd) => [{ crd }, this.#pending.has(crd) ? 1 : 0] as const),
    };
  }

  /** Tries until all is migrated, with growing delays, or the signal aborts. Never throws. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#parts;
    for (let delayMs = FIRST_RETRY_MS; ; delayMs = Math.min(delayMs * 2, LAST_RETRY_MS)) {
      for (const crd of this.#pending) {
        if (!signal.aborted) await this.#migrate(crd, signal);
      }
      if (this.#pending.size === 0 || signal.aborted) return;
      await clock.sleep(delayMs, signal).catch(() => undefined);
    }
  }

  async #migrate(crd: string, signal: AbortSignal): Promise<void> {
    const { logger } = this.#parts;
    try {
      const migration = await migrateStorage(this.#parts, crd, { dryRun: false }, signal);
      this.#pending.delete(crd);
      if (migration === undefined || migration.objects === 0) return;
      const { storageVersion, objects } = migration;
      logger.info("all objects are stored in the present version now", { crd, storageVersion, objects });
    } catch (error) {
      if (signal.aborted) return;
      const message = error instanceof Error && error.constructor === Error ? error.message : describeError(error);
      const remedy = isForbidden(error)
        ? "grant get on these customresourcedefinitions, patch on their status and on their objects; or run without --migrate-storage"
        : undefined;
      logger.warn("objects could not be stored in the present version; it is tried again", {
        ...{ crd, error: message },
        ...(remedy === undefined ? {} : { remedy }),
      });
    }
  }
}
