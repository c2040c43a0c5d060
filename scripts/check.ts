/** `npm run check`: format, lint, types, generated files, import arrows, unit tests. Before each commit; under a minute. */
import { nodeStep, packageStep, runStep } from "./run-step.ts";
import { unitTestFiles } from "./test-files.ts";

runStep(packageStep("format and lint", "biome", "check", "--error-on-warnings", "."));
runStep(packageStep("types", "tsc", "-p", "tsconfig.json"));
runStep(nodeStep("generated files", "scripts/generate.ts", "--check"));
runStep(nodeStep("unit tests", "--test", "--test-reporter=dot", ...unitTestFiles()));
