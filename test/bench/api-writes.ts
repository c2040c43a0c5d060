/** What the API server counts of writes to it. */
import type { ControlPlane } from "../ground/index.ts";

const WRITES = new Set(["POST", "PUT", "PATCH", "APPLY", "DELETE"]);
const OURS = ["secrets", "externalsecrets", "events"] as const;
const LINE = /^apiserver_request_total\{([^}]*)\} (\S+)$/gm;

/** Writes so far to these resources, their statuses included; default: Secrets, ExternalSecrets and events. */
export async function countWrites(controlPlane: ControlPlane, resources: readonly string[] = OURS): Promise<number> {
  const { body } = await controlPlane.request({ path: "/metrics", timeoutMs: 30_000 });
  let sum = 0;
  for (const [, labels = "", value] of String(body).matchAll(LINE)) {
    const label = (name: string) => new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? "";
    if (WRITES.has(label("verb")) && resources.includes(label("resource"))) sum += Number(value);
  }
  return sum;
}
