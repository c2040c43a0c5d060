/** Scenario `templates`: rendered templates per second, beside the real Go program in the same run. */
import { randomBytes } from "node:crypto";
import { systemClock } from "../../api/clock.ts";
import { createTemplateEngine, templateData } from "../../engine/template-engine.ts";
import { askGo } from "../engine/template/differential/go-templates.ts";
import { issueServerCertificate } from "../ground/index.ts";
import type { Figures, Scenario } from "./run.ts";

interface Sample {
  readonly name: string;
  readonly template: string;
  readonly data: Readonly<Record<string, Uint8Array>>;
}

/** How long each side renders each template, and how long it warms up before. */
const MEASURE_MS = 1_500;
const WARM_UP_MS = 500;

const KEYS = 100;

const samples = async (): Promise<readonly Sample[]> => [
  {
    name: "small",
    template: 'postgres://{{ .user }}:{{ .password | urlquery }}@{{ .host | default "localhost" }}:5432/app',
    data: { user: Buffer.from("app"), password: Buffer.from("p@ss/w0rd"), host: Buffer.from("db.example") },
  },
  {
    name: "certificate",
    template:
      '{{ .certificate | trim }}\n{{ .key | b64enc | wrapWith 64 "\\n" }}\n{{ .certificate | sha256sum }}\n' +
      '{{ range $i, $line := splitList "\\n" .certificate }}{{ if not (hasPrefix "-----" $line) }}{{ $line | b64dec | len }} {{ end }}{{ end }}',
    data: await certificate(),
  },
  {
    name: "hundredKeys",
    template:
      '{{ range $key, $value := . }}{{ $key | upper | replace "-" "_" }}={{ $value | quote }}\n{{ end }}{{ . | toJson | sha256sum }}',
    data: Object.fromEntries(
      Array.from({ length: KEYS }, (_, index) => [`key-${index}`, Buffer.from(`value ${index} `.repeat(4))]),
    ),
  },
];

async function certificate(): Promise<Sample["data"]> {
  const issued = await issueServerCertificate(["bench.example"]);
  return { certificate: Buffer.from(issued.certificatePem), key: Buffer.from(issued.privateKeyPem) };
}

/** The engine keeps compiled templates, as it does in the controller; Go's program compiles each time, as ESO does. */
async function run({ onProgress }: { readonly onProgress: (line: string) => void }): Promise<Figures> {
  const figures: Record<string, number> = {};
  const chosen = await samples();
  const go = await askGo(
    chosen.map(({ template, data }) => ({
      op: "bench" as const,
      template: Buffer.from(template),
      data,
      milliseconds: MEASURE_MS,
    })),
  );
  for (const [index, sample] of chosen.entries()) {
    const answer = go[index];
    if (answer?.error !== undefined) throw new Error(`Go fails on ${sample.name}: ${answer.error}`);
    onProgress(`rendering ${sample.name}`);
    measure(sample, WARM_UP_MS, true);
    figures[`${sample.name} per s`] = Math.round(measure(sample, MEASURE_MS, true));
    figures[`${sample.name} uncached per s`] = Math.round(measure(sample, MEASURE_MS, false));
    figures[`${sample.name} in Go per s`] = Math.round(answer?.perSecond ?? 0);
  }
  return figures;
}

const engine = createTemplateEngine({ surroundings: { now: systemClock.now, randomBytes } });

function measure({ name, template, data }: Sample, durationMs: number, keepsCompiled: boolean): number {
  const text = Buffer.from(template);
  const values = Object.entries(data);
  const startedAt = performance.now();
  let count = 0;
  while (performance.now() - startedAt < durationMs) {
    // A name of its own makes a template one that was never compiled.
    engine.compile(keepsCompiled ? name : `${name}-${count}`, text).render(templateData(values), "error");
    count++;
  }
  return (count * 1_000) / (performance.now() - startedAt);
}

export const scenario: Scenario = { title: "templates per second, beside Go's text/template and sprig", run };
