/** Ends a process that opens one client: prints what that took. */
import { systemClock } from "../../../api/clock.ts";
import type { Backend } from "../../../providers/contract.ts";
import { createStoreContext } from "../../contract/store-context.ts";

/** One line of JSON on standard output. */
export interface ProbeReport {
  /** Milliseconds since the start of the process. */
  readonly ms: number;
  /** Resident memory of the process. */
  readonly residentMiB: number;
}

const MIB = 2 ** 20;
const TIMEOUT_MS = 10_000;

/** Waits until the client is open, and reports. Nothing is closed: the process ends. */
export async function report(open: () => unknown): Promise<void> {
  await open();
  const measured: ProbeReport = { ms: performance.now(), residentMiB: process.memoryUsage.rss() / MIB };
  process.stdout.write(JSON.stringify(measured), () => process.exit(0));
}

/** Opens a store of the backend as the controller does, and reports. Every key of every Secret holds a credential. */
export function reportBackend<Spec>(backend: Backend<Spec>, spec: Spec): Promise<void> {
  const readSecretKey = async () => new TextEncoder().encode("credential");
  const context = createStoreContext({ clock: systemClock, readSecretKey });
  return report(() => backend.open(spec, context, AbortSignal.timeout(TIMEOUT_MS)));
}
