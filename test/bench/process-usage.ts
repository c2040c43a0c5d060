/** CPU and memory of another process, from /proc. */
import { readFileSync } from "node:fs";

/** Linux counts CPU time in hundredths of a second, whatever the machine. */
const TICK_MS = 10;

/** CPU milliseconds that a process has used, in user and kernel mode, and what it has in memory. Linux only. */
export function processUsage(pid: number): { readonly cpuMs: number; readonly residentMiB: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name in parentheses may hold spaces; fields are counted from behind it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const cpuMs = (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  const [, kilobytes = "0"] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return { cpuMs, residentMiB: Number(kilobytes) / 1024 };
}

/** CPU milliseconds in user mode of all processes that this one started, and theirs, once they have ended. Linux only. */
export function endedChildrenCpuMs(): number {
  const stat = readFileSync("/proc/self/stat", "utf8");
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[13]) * TICK_MS;
}
