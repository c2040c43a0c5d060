/** Which test files there are: `*.test.ts` needs nothing but Node, `*.ground.test.ts` starts real servers. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "./run-step.ts";

const GROUND = ".ground.test.ts";

function testFiles(pattern: string): string[] {
  return globSync(pattern, { cwd: projectFolder }).sort();
}

/** A test that imports one of these sets up its whole process with Pulumi's mocks. */
const MOCKED = /from "[./]*\/(?:recorded-resources|installed-operator|google-program)\.ts"|setMocks/;
/** Below this folder, tests measure their process. */
const MEASURING = "test/scripts/";

const needsNothing = (file: string): boolean => !file.endsWith(GROUND);
const isIsolated = (file: string): boolean =>
  file.startsWith(MEASURING) || MOCKED.test(readFileSync(join(projectFolder, file), "utf8"));

/** Tests that need no tool but Node, and a process for each file. */
export function isolatedTestFiles(): string[] {
  return testFiles("test/**/*.test.ts").filter((file) => needsNothing(file) && isIsolated(file));
}

/** They share what takes longest to load: Pulumi's packages. */
const isOfComponents = (file: string): boolean => file.startsWith("test/components/");

/**
 * Tests that need no tool but Node and can share a process, dealt out to `count` of them, one for the components: they wait
 * for servers and timers more than they compute.
 */
export function sharedTestFiles(count: number): string[][] {
  const files = testFiles("test/**/*.test.ts").filter((file) => needsNothing(file) && !isIsolated(file));
  const others = files.filter((file) => !isOfComponents(file));
  const dealt = Array.from({ length: count - 1 }, (_, group) =>
    others.filter((_, index) => index % (count - 1) === group),
  );
  return [files.filter(isOfComponents), ...dealt];
}

/** Tests against real servers, of the whole project or below one folder of `test/`. */
export function groundTestFiles(folder = "**"): string[] {
  return testFiles(`test/${folder}/**/*${GROUND}`);
}

/** All tests below one folder of `test/`. */
export function testFilesBelow(folder: string): string[] {
  return testFiles(`test/${folder}/**/*.test.ts`);
}
