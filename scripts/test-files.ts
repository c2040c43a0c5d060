/** Which test files there are: `*.test.ts` needs nothing but Node, `*.ground.test.ts` starts real servers. */
import { globSync } from "node:fs";
import { projectFolder } from "./run-step.ts";

const GROUND = ".ground.test.ts";

function testFiles(pattern: string): string[] {
  return globSync(pattern, { cwd: projectFolder }).sort();
}

/** Below these, tests set up their process (Pulumi's mocks) or measure it: each file runs in one of its own. */
const ISOLATED = ["test/components/", "test/scripts/"];

const needsNothing = (file: string): boolean => !file.endsWith(GROUND);
const isIsolated = (file: string): boolean => ISOLATED.some((folder) => file.startsWith(folder));

/** Tests that need no tool but Node, and a process for each file. */
export function isolatedTestFiles(): string[] {
  return testFiles("test/**/*.test.ts").filter((file) => needsNothing(file) && isIsolated(file));
}

/**
 * Tests that need no tool but Node and can share a process, dealt out to `count` of them: they wait for servers and
 * timers more than they compute.
 */
export function sharedTestFiles(count: number): string[][] {
  const files = testFiles("test/**/*.test.ts").filter((file) => needsNothing(file) && !isIsolated(file));
  return Array.from({ length: count }, (_, group) => files.filter((_, index) => index % count === group));
}

/** Tests against real servers, of the whole project or below one folder of `test/`. */
export function groundTestFiles(folder = "**"): string[] {
  return testFiles(`test/${folder}/**/*${GROUND}`);
}

/** All tests below one folder of `test/`. */
export function testFilesBelow(folder: string): string[] {
  return testFiles(`test/${folder}/**/*.test.ts`);
}
