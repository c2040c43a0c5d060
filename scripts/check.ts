/** `npm run check`: format, lint, types, generated files, import arrows, unit tests. Before each commit; under a minute. */
import { compileStep, nodeStep, packageStep, runLanes } from "./run-step.ts";
import { isolatedTestFiles, sharedTestFiles } from "./test-files.ts";

const tests = ["--test", "--test-reporter=dot"] as const;

/**
 * A process for each test file would take longer to start than most of them to run. They wait more than they compute, so
 * that there are more lanes than cores.
 */
const unitTests = sharedTestFiles(4).map((files, index) => [
  nodeStep(`unit tests, part ${index + 1}`, ...tests, "--test-isolation=none", ...files),
]);

await runLanes([
  [
    packageStep("format and lint", "biome", "check", "--error-on-warnings", "."),
    compileStep("types", "tsconfig.json"),
    nodeStep("generated files", "scripts/generate.ts", "--check"),
  ],
  [nodeStep("unit tests in processes of their own", ...tests, "--test-concurrency=2", ...isolatedTestFiles())],
  ...unitTests,
]);
