/** What the controller is given of the world around it. */
import type { Clock } from "../api/clock.ts";
import type { ProviderSpec } from "../api/secret-store.ts";
import type { BoundBackend } from "../providers/index.ts";
import type { KubeClient, Logger } from "./kube/contracts.ts";

/** All that it needs to run; `signal` stops it. */
export interface ControllerSurroundings {
  readonly kube: KubeClient;
  readonly clock: Clock;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  readonly logger: Logger;
  /** Of the process, for the credential chains of the clouds. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Stops the controller. */
  readonly signal: AbortSignal;
  /** Hears of the ports once the endpoints are served; unset ones are not. */
  readonly onListening?: (ports: { readonly metrics?: number; readonly live?: number }) => void;
  /** Whether the metrics tell of the process, too. Default false. */
  readonly processMetrics?: boolean;
  /** Default: the table of the providers. */
  readonly bindBackend?: (provider: ProviderSpec) => Promise<BoundBackend>;
}
