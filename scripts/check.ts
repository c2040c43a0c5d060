/** `npm run check`: format, lint, types, generated files, import arrows, unit tests. Before each commit; under a minute. */
import { nodeStep, packageStep, runLanes } from "./run-step.ts";
import { isolatedTestFiles, sharedTestFiles } from "./test-files.ts";

const tests = ["--test", "--test-reporter=dot"] as const;

/** Two lanes for two cores. A process for each test file would take longer to start than most of them to run. */
await runLanes([
  [
    packageStep("format and lint", "biome", "check", "--error-on-warnings", "."),
    packageStep("types", "tsc", "-p", "tsconfig.json"),
    nodeStep("generated files", "scripts/generate.ts", "--check"),
    nodeStep("unit tests in processes of their own", ...tests, ...isolatedTestFiles()),
  ],
  [nodeStep("unit tests", ...tests, "--test-isolation=none", ...sharedTestFiles())],
]);
