/** `external-secrets migrate-storage`: has all objects stored in the present version of their CRD. */
import { systemClock } from "../api/clock.ts";
import { ownCrdNames } from "../controller/crds/own-crds.ts";
import { migrateStorage } from "../controller/storage-migration/migrate-storage.ts";
import { CLUSTER_FLAGS, withCluster } from "./cluster-connection.ts";
import { flagsHelp, MIGRATE_STORAGE_HELP } from "./help.ts";
import { type Flag, parseFlags } from "./parse-flags.ts";
import type { ProcessSurroundings } from "./process-surroundings.ts";

/** Flags of `migrate-storage`. */
export const MIGRATE_STORAGE_FLAGS: readonly Flag[] = [
  { name: "dry-run", kind: "boolean", default: "false", help: "Say what would be done, and do nothing." },
  ...CLUSTER_FLAGS,
  { name: "help", kind: "boolean", default: "false", help: "Show this text." },
];

/**
 * One line for each CRD of our groups.
 * @throws UsageError for a wrong command line; KubeConfigError; Error naming objects that the API server refuses; KubeApiError
 */
export async function migrateStorageCommand(args: readonly string[], surroundings: ProcessSurroundings): Promise<void> {
  const flags = parseFlags(MIGRATE_STORAGE_FLAGS, args);
  if (flags.isTrue("help")) {
    surroundings.writeOutput(`${MIGRATE_STORAGE_HELP}\n${flagsHelp(MIGRATE_STORAGE_FLAGS)}`);
    return;
  }
  const dryRun = flags.isTrue("dry-run");
  const { signal, writeOutput } = surroundings;
  await withCluster(flags, surroundings, async (kube) => {
    for (const name of await ownCrdNames(kube, signal)) {
      const migration = await migrateStorage({ kube, clock: systemClock }, name, { dryRun }, signal);
      if (migration === undefined) continue;
      const { objects, storageVersion, storedVersions } = migration;
      const done =
        objects === 0 && storedVersions.length === 1
          ? "nothing to do"
          : `${objects} objects ${dryRun ? "would be " : ""}written`;
      writeOutput(`${name}: stored as ${dryRun ? storedVersions.join(", ") : storageVersion}; ${done}\n`);
    }
  });
}
