/** Policy: nothing is refreshed so often that it becomes a bill or a rate limit. */
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { parseDurationMs } from "../../api/duration.ts";
import { externalSecretSpec, type JudgedResource } from "./judged-resource.ts";
import { textOf } from "./loose-fields.ts";
import { type PolicyDefinition, type PolicyOptions, resourcePolicy } from "./policy-options.ts";

/** What counts as too often. */
export interface RefreshFloorSettings {
  /** The shortest interval, as a Go duration. 0, which is never again, is always allowed. Default: 1m. */
  readonly minimum: string;
}

/** Options of `refreshIntervalFloor`. */
export interface RefreshIntervalFloorOptions extends PolicyOptions, Partial<RefreshFloorSettings> {}

interface Interval {
  readonly field: string;
  readonly value: unknown;
}

const definition: PolicyDefinition<RefreshFloorSettings> = {
  name: "external-secrets-refresh-interval-floor",
  displayName: "A floor for refreshInterval",
  description: "Backends are not asked more often than the floor allows: each refresh is a request, and is billed.",
  severity: "medium",
  remediationSteps: "Raise refreshInterval, or set it to 0 where values never change.",
  properties: { minimum: { type: "string", description: "The shortest interval, as a Go duration such as 1m." } },
  defaults: { minimum: "1m" },
  *judge(resource, { minimum }) {
    const floorMs = parseDurationMs(minimum);
    if (floorMs === undefined || floorMs < 0) {
      throw new Error(
        `external-secrets-refresh-interval-floor: minimum is not a duration: "${minimum}". Write 1m or 90s.`,
      );
    }
    const interval = intervalOf(resource);
    const intervalMs = interval && millisecondsOf(interval.value);
    if (intervalMs === undefined || intervalMs <= 0 || intervalMs >= floorMs) return;
    yield `${resource.title}: ${interval?.field} is ${String(interval?.value)}, below the floor of ${minimum}. Raise it to ${minimum} or more, or set 0 for values that never change.`;
  },
};

/**
 * Refuses a `refreshInterval` of ExternalSecrets, ClusterExternalSecrets, PushSecrets and stores that is shorter than the
 * floor. 0 is allowed: it means once (of a store: the controller's default). Where a policy other than Periodic decides
 * when to refresh, the interval has no effect and is not judged.
 * @throws Error (at validation) where the configured minimum is no Go duration.
 */
export function refreshIntervalFloor(options: RefreshIntervalFloorOptions = {}): ResourceValidationPolicy {
  return resourcePolicy(definition, options);
}

function intervalOf(resource: JudgedResource): Interval | undefined {
  // Read when `pulumi up` runs, whatever the spec says.
  if (resource.kind === "SyncedSecret") return undefined;
  const secret = externalSecretSpec(resource);
  if (secret !== undefined) {
    const refreshPolicy = textOf(secret.spec.refreshPolicy) ?? "Periodic";
    if (refreshPolicy !== "Periodic") return undefined;
    return { field: `${secret.path}.refreshInterval`, value: secret.spec.refreshInterval };
  }
  if (!["PushSecret", "SecretStore", "ClusterSecretStore"].includes(resource.kind)) return undefined;
  return { field: "spec.refreshInterval", value: resource.spec.refreshInterval };
}

/** Of a store an integer is seconds. What is no duration is for the API server to refuse. */
function millisecondsOf(value: unknown): number | undefined {
  return typeof value === "number" ? value * 1_000 : parseDurationMs(textOf(value) ?? "");
}
