/** Writes what is made from the source: `crds/`, `monitoring/`, the types of the components' arguments and the examples in the documentation. With `--check` it only says which are stale, and exits 1 if any is. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { stringify } from "yaml";
import { customResourceDefinitions } from "../api/crd/definitions.ts";
import { crdProtection } from "../api/crd/protection.ts";
import { grafanaDashboard } from "../controller/monitoring/grafana-dashboard.ts";
import { prometheusRules } from "../controller/monitoring/prometheus-rules.ts";
import { staleExamples, writeExamples } from "./doc-examples.ts";
import { specArgs } from "./spec-args.ts";

const ROOT = path.join(import.meta.dirname, "..");
const MONITORING_HEADER = "# Made by `npm run generate` from controller/monitoring/. Do not edit.\n";
const HEADER = "# Made by `npm run generate` from api/. Do not edit.\n";

/** Contents of the generated files, by path below the root. */
function generatedFiles(): ReadonlyMap<string, string> {
  const crds = customResourceDefinitions();
  const files = new Map(
    crds.map((crd) => [
      `crds/${crd.spec.group}_${crd.spec.names.plural}.yaml`,
      HEADER + stringify(crd, { lineWidth: 0, aliasDuplicateObjects: false }),
    ]),
  );
  const { policy, binding } = crdProtection();
  const protection = [policy, binding].map((object) => stringify(object, { lineWidth: 0 })).join("---\n");
  // For the components, which read it at each `pulumi up`: the YAML takes a hundred times as long.
  return (
    files
      .set("crds/protection.yaml", HEADER + protection)
      .set("crds/all.json", `${JSON.stringify(crds)}\n`)
      .set("components/spec-args.generated.ts", specArgs())
      .set("monitoring/grafana-dashboard.json", `${JSON.stringify(grafanaDashboard(), null, 2)}\n`)
      // For the operator, which does not load a parser of YAML.
      .set("monitoring/prometheus-rules.json", `${JSON.stringify(prometheusRules(), null, 2)}\n`)
      .set("monitoring/prometheus-rules.yaml", MONITORING_HEADER + stringify(prometheusRules(), { lineWidth: 0 }))
  );
}

/** Files that differ from what would be generated, are missing, or are no longer made from anything. */
async function staleFiles(files: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const stale: string[] = [];
  for (const [file, content] of files) {
    if ((await readOptional(file)) !== content) stale.push(file);
  }
  const present = (await readdir(path.join(ROOT, "crds"))).map((name) => `crds/${name}`);
  return [...stale, ...present.filter((file) => !files.has(file)), ...staleExamples()];
}

async function readOptional(file: string): Promise<string | undefined> {
  try {
    return await readFile(path.join(ROOT, file), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

const files = generatedFiles();
if (process.argv.includes("--check")) {
  const stale = await staleFiles(files);
  for (const file of stale) console.error(`${file} is stale: run npm run generate`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const [file, content] of files) {
    await mkdir(path.dirname(path.join(ROOT, file)), { recursive: true });
    await writeFile(path.join(ROOT, file), content);
    console.log(`${file} (${Math.ceil(Buffer.byteLength(content) / 1024)} KiB)`);
  }
  for (const page of writeExamples()) console.log(page);
}
