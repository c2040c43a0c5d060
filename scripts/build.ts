/** `npm run build`: the library (`dist/api`, `dist/components`, `dist/sync`) by tsc, its types for CommonJS, the schema of the provider, and the bundled executables. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleCli } from "./bundle.ts";
import { bundlePlugin } from "./bundle-plugin.ts";
import { writeCommonJsTypes } from "./commonjs-types.ts";
import { packageSchema } from "./component-schema/package-schema.ts";
import { packageEntries } from "./package-entries.ts";
import { pruneLibrary } from "./prune-library.ts";
import { compileStep, projectFolder, runStep } from "./run-step.ts";

const dist = join(projectFolder, "dist");
rmSync(dist, { recursive: true, force: true });
runStep(compileStep("library", "tsconfig.build.json"));
pruneLibrary(
  dist,
  packageEntries().map(({ source }) => source),
);
writeCommonJsTypes(dist);
const startedAt = performance.now();
await bundleCli(join(dist, "bin", "external-secrets.mjs"));
await bundlePlugin(join(dist, "plugin"));
const { version } = JSON.parse(readFileSync(join(projectFolder, "package.json"), "utf8"));
writeFileSync(join(dist, "schema.json"), `${JSON.stringify(packageSchema(version))}\n`);
console.log(`executables and schema: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
