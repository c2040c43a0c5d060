/** `npm run bench [-- [--json] [SCENARIO…]]`: speed and memory, each figure beside a floor or a peer of the same run. */
import { parseArgs } from "node:util";

/** Figures by name, in the units that their names say. */
export type Figures = Readonly<Record<string, number>>;

/** One scenario: what it measures, and the run that measures it. */
export interface Scenario {
  readonly title: string;
  run(options: ScenarioOptions): Promise<Figures>;
}

export interface ScenarioOptions {
  /** How many objects; each scenario has its own default. */
  readonly objects: number | undefined;
  readonly onProgress: (line: string) => void;
}

/** Loaded when they are asked for: a scenario brings servers along. */
const scenarios: Readonly<Record<string, () => Promise<{ readonly scenario: Scenario }>>> = {
  "at-rest": () => import("./at-rest.ts"),
  "backend-clients": () => import("./backend-clients.ts"),
  components: () => import("./components.ts"),
  "first-sync": () => import("./first-sync.ts"),
  "import-time": () => import("./import-time.ts"),
  latency: () => import("./latency.ts"),
  restart: () => import("./restart.ts"),
  sync: () => import("./sync.ts"),
  templates: () => import("./templates.ts"),
};

const usage = `npm run bench [-- [--json] [--objects N] [SCENARIO…]]

Scenarios: ${Object.keys(scenarios).join(", ")} (default: all)
--json prints one line of JSON for each scenario and nothing else.`;

function print(title: string, figures: Figures): void {
  console.log(`\n${title}`);
  for (const [name, value] of Object.entries(figures)) {
    console.log(`  ${name.padEnd(24)} ${Number.isInteger(value) ? value : value.toFixed(2)}`);
  }
}

const { values, positionals } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    objects: { type: "string" },
    help: { type: "boolean", default: false },
  },
  allowPositionals: true,
});
const names = positionals.length > 0 ? positionals : Object.keys(scenarios);
const unknown = names.filter((name) => !Object.hasOwn(scenarios, name));
const objects = values.objects === undefined ? undefined : Number(values.objects);
if (values.help || unknown.length > 0 || (objects !== undefined && !(Number.isInteger(objects) && objects > 0))) {
  if (unknown.length > 0) console.error(`unknown scenario: ${unknown.join(", ")}`);
  console.log(usage);
  process.exit(values.help ? 0 : 2);
}
for (const name of names) {
  const load = scenarios[name];
  if (load === undefined) continue;
  const { scenario } = await load();
  const onProgress = values.json ? () => {} : (line: string) => console.log(`  ${line}`);
  const figures = await scenario.run({ objects, onProgress });
  if (values.json) console.log(JSON.stringify({ scenario: name, ...figures }));
  else print(`${name}: ${scenario.title}`, figures);
}
