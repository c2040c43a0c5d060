/** `external-secrets release`: lets Secrets outlive their ExternalSecrets and CRDs. */
import { systemClock } from "../api/clock.ts";
import { type ReleaseReport, release } from "../controller/release/release.ts";
import { CLUSTER_FLAGS, withCluster } from "./cluster-connection.ts";
import { flagsHelp, RELEASE_HELP } from "./help.ts";
import { type Flag, parseFlags } from "./parse-flags.ts";
import type { ProcessSurroundings } from "./process-surroundings.ts";

/** Flags of `release`. */
export const RELEASE_FLAGS: readonly Flag[] = [
  { name: "dry-run", kind: "boolean", default: "false", help: "Say what would be done, and do nothing." },
  { name: "crds", kind: "boolean", default: "true", help: "Permit the deletion of the CRDs, too." },
  ...CLUSTER_FLAGS,
  { name: "help", kind: "boolean", default: "false", help: "Show this text." },
];

/**
 * Says what it did, in counts and names of kinds.
 * @throws UsageError for a wrong command line; KubeConfigError; Error where a controller runs; KubeApiError
 */
export async function releaseCommand(args: readonly string[], surroundings: ProcessSurroundings): Promise<void> {
  const flags = parseFlags(RELEASE_FLAGS, args);
  if (flags.isTrue("help")) {
    surroundings.writeOutput(`${RELEASE_HELP}\n${flagsHelp(RELEASE_FLAGS)}`);
    return;
  }
  const options = { dryRun: flags.isTrue("dry-run"), crds: flags.isTrue("crds") };
  await withCluster(flags, surroundings, async (kube) => {
    const report = await release({ kube, clock: systemClock }, options, surroundings.signal);
    surroundings.writeOutput(linesOf(report, options.dryRun).join(""));
  });
}

function linesOf({ released, deletableCrds, unheld, running }: ReleaseReport, dryRun: boolean): readonly string[] {
  const would = dryRun ? "would be " : "";
  return [
    ...running.map((name) => `Deployment ${name} runs: a release refuses until it is uninstalled or scaled to 0\n`),
    ...released.map(({ kind, count }) => `${kind}: ${count} ${would}let go of\n`),
    ...(unheld > 0 ? [`${unheld} ${unheld === 1 ? "object" : "objects"} ${would}freed of finalizers\n`] : []),
    ...deletableCrds.map((name) => `${name}: deletion ${would}permitted\n`),
  ];
}
