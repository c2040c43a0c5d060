/** `npm run build`: the library (`dist/api`, `dist/components`, `dist/sync`) by tsc, its types for CommonJS, and the bundled executable `dist/bin/external-secrets.mjs`. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { bundleCli } from "./bundle.ts";
import { writeCommonJsTypes } from "./commonjs-types.ts";
import { compileStep, projectFolder, runStep } from "./run-step.ts";

const dist = join(projectFolder, "dist");
rmSync(dist, { recursive: true, force: true });
runStep(compileStep("library", "tsconfig.build.json"));
writeCommonJsTypes(dist);
const startedAt = performance.now();
await bundleCli(join(dist, "bin", "external-secrets.mjs"));
console.log(`executable: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
