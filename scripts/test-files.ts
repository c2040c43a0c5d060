/** Which test files there are: `*.test.ts` needs nothing but Node, `*.ground.test.ts` starts real servers. */
import { globSync } from "node:fs";
import { projectFolder } from "./run-step.ts";

const GROUND = ".ground.test.ts";

function testFiles(pattern: string): string[] {
  return globSync(pattern, { cwd: projectFolder }).sort();
}

/** Tests that need no tool but Node. */
export function unitTestFiles(): string[] {
  return testFiles("test/**/*.test.ts").filter((file) => !file.endsWith(GROUND));
}

/** Tests against real servers, of the whole project or below one folder of `test/`. */
export function groundTestFiles(folder = "**"): string[] {
  return testFiles(`test/${folder}/**/*${GROUND}`);
}

/** All tests below one folder of `test/`. */
export function testFilesBelow(folder: string): string[] {
  return testFiles(`test/${folder}/**/*.test.ts`);
}
