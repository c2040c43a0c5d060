/** What the client of each backend takes: memory and time of a process that opens one, beside a process that opens none. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { bundleCli } from "../../scripts/bundle.ts";
import type { ProbeReport } from "./clients/probe.ts";
import type { Figures, Scenario } from "./run.ts";

/**
 * Files of `clients/`, bundled as the controller is: the backends, what Node itself brings to most of them, and with `-sdk` an
 * official client that no backend uses.
 */
const BUNDLED = [
  "node-https",
  "aws",
  "aws-parameter-store",
  "azurekv",
  "azurekv-sdk",
  "gcpsm",
  "vault",
  "kubernetes",
  "webhook",
] as const;

/** Google's official client reads files beside its code and cannot be bundled: it runs from `node_modules`. */
const FROM_SOURCE = ["gcpsm-sdk"] as const;

const EMPTY = "empty";
const ROUNDS = 7;
const TIMEOUT_MS = 60_000;
const run = promisify(execFile);

async function measureOnce(file: string): Promise<ProbeReport> {
  const { stdout } = await run(process.execPath, [file], { timeout: TIMEOUT_MS });
  return JSON.parse(stdout) as ProbeReport;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Median memory and shortest time of each client, as extras beyond an empty process that was started in the same way. */
async function measureClients(
  emptyName: string,
  clients: readonly string[],
  fileOf: (name: string) => string,
  onProgress: (line: string) => void,
): Promise<Figures> {
  const reports = new Map([EMPTY, ...clients].map((name) => [name, [] as ProbeReport[]]));
  // All take turns, so that a busy moment does not fall on one alone.
  for (let round = 1; round <= ROUNDS; round++) {
    for (const [name, measured] of reports) measured.push(await measureOnce(fileOf(name)));
    onProgress(`round ${round} of ${ROUNDS}`);
  }
  const memory = (name: string) => median((reports.get(name) ?? []).map(({ residentMiB }) => residentMiB));
  const time = (name: string) => Math.min(...(reports.get(name) ?? []).map(({ ms }) => ms));
  return Object.fromEntries([
    [`${emptyName} MiB`, memory(EMPTY)],
    [`${emptyName} ms`, time(EMPTY)],
    ...clients.flatMap((name) => [
      [`${name} extraMiB`, memory(name) - memory(EMPTY)],
      [`${name} extraMs`, time(name) - time(EMPTY)],
    ]),
  ]);
}

async function measure(folder: string, onProgress: (line: string) => void): Promise<Figures> {
  const sourceOf = (name: string) => join(import.meta.dirname, "clients", `${name}.ts`);
  const bundleOf = (name: string) => join(folder, `${name}.mjs`);
  for (const name of [EMPTY, ...BUNDLED]) await bundleCli(bundleOf(name), sourceOf(name));
  const fromSource = await measureClients("empty, from source", FROM_SOURCE, sourceOf, onProgress);
  return { ...fromSource, ...(await measureClients("empty", BUNDLED, bundleOf, onProgress)) };
}

/** Several processes for each client; no network is needed. */
export const scenario: Scenario = {
  title: "resident memory and time of a process that opens a client, beyond an empty one",
  async run({ onProgress }) {
    const folder = await mkdtemp(join(tmpdir(), "bench-backend-clients-"));
    try {
      return await measure(folder, onProgress);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};
