/** What `import "pulumi-external-secrets"` takes, beside the Pulumi packages that each program imports anyway. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { projectFolder } from "../../scripts/run-step.ts";
import type { Figures, Scenario } from "./run.ts";

const run = promisify(execFile);
const RUNS = 9;
const TIMEOUT_MS = 30_000;

interface Sample {
  readonly ms: number;
  readonly cpuMs: number;
}

/** Imports the modules in a fresh process, which says what that took. */
async function importInProcess(modules: readonly string[]): Promise<Sample> {
  const imports = modules.map((module) => `await import(${JSON.stringify(module)});`).join("\n");
  const script = `const startedAt = performance.now();
    const before = process.cpuUsage();
    ${imports}
    const { user, system } = process.cpuUsage(before);
    console.log(JSON.stringify({ ms: performance.now() - startedAt, cpuMs: (user + system) / 1000 }));`;
  const args = ["--input-type=module", "--eval", script];
  const { stdout } = await run(process.execPath, args, { cwd: projectFolder, timeout: TIMEOUT_MS });
  return JSON.parse(stdout);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

const floor = ["@pulumi/pulumi", "@pulumi/kubernetes"];
// The built package as users import it: a package may import itself by its name.
const whole = [...floor, "pulumi-external-secrets"];

export const scenario: Scenario = {
  title: `import of the built package in a fresh process, over the Pulumi packages alone (median of ${RUNS})`,
  async run({ onProgress }): Promise<Figures> {
    const alone: Sample[] = [];
    const withPackage: Sample[] = [];
    // In turn, so that a change in the machine's load meets both; the first of each only warms the disk's cache.
    for (let index = 0; index <= RUNS; index += 1) {
      const samples = [await importInProcess(floor), await importInProcess(whole)] as const;
      if (index === 0) continue;
      alone.push(samples[0]);
      withPackage.push(samples[1]);
      onProgress(samples.map(({ ms }) => `${ms.toFixed(0)} ms`).join(" and "));
    }
    const pairs = alone.map((sample, index) => ({ alone: sample, whole: withPackage[index] ?? sample }));
    const aloneMs = median(pairs.map((pair) => pair.alone.ms));
    const aloneCpuMs = median(pairs.map((pair) => pair.alone.cpuMs));
    const addedMs = median(pairs.map((pair) => pair.whole.ms - pair.alone.ms));
    const addedCpuMs = median(pairs.map((pair) => pair.whole.cpuMs - pair.alone.cpuMs));
    return {
      aloneMs,
      aloneCpuMs,
      addedMs,
      addedCpuMs,
      ratioOfTime: (aloneMs + addedMs) / aloneMs,
      ratioOfCpu: (aloneCpuMs + addedCpuMs) / aloneCpuMs,
    };
  },
};
