/** `npm test [-- FOLDER]`: builds, checks and runs all tests, real servers included; or the tests of one folder of `test/`. */
import { compileStep, nodeStep, runStep } from "./run-step.ts";
import { groundTestFiles, testFilesBelow } from "./test-files.ts";

/** Each ground test starts servers of its own: two files at a time is what two cores carry. */
const CONCURRENCY = "--test-concurrency=2";

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  runStep(nodeStep("build", "scripts/build.ts"));
  runStep(nodeStep("check", "scripts/check.ts"));
  runStep(nodeStep("tools", "test/ground/cli.ts", "tools"));
  runStep(nodeStep("ground tests", "--test", CONCURRENCY, ...groundTestFiles()));
} else {
  const files = testFilesBelow(folder);
  if (files.length === 0) {
    console.error(`no tests below test/${folder}`);
    process.exit(2);
  }
  // What the tests run is the text that users copy: it has to compile, too.
  if (folder === "examples") runStep(compileStep("types", "tsconfig.json"));
  runStep(nodeStep(`tests of ${folder}`, "--test", CONCURRENCY, ...files));
}
