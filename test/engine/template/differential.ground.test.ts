/** Templates and YAML documents by the thousand: the same bytes as Go gives, or an error of both. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { createTemplateEngine, templateData } from "../../../engine/template-engine.ts";
import { plainValueOf, readYaml, YamlError } from "../../../engine/yaml/index.ts";
import { generateTemplate } from "./differential/generate.ts";
import { generateYaml } from "./differential/generate-yaml.ts";
import { askGo, type GoAnswer } from "./differential/go-templates.ts";
import { createRandom } from "./differential/random.ts";
import { DATA } from "./differential/vocabulary.ts";

/** Another seed, for who looks for more. */
const SEED = Number(process.env.DIFFERENTIAL_SEED ?? 20_260_808);
const COUNT = Number(process.env.DIFFERENTIAL_COUNT ?? 4_000);
const SHOWN = 5;

const engine = createTemplateEngine({
  surroundings: { now: () => Date.now(), randomBytes: (length) => new Uint8Array(length) },
});

function ours(template: string): string | Error {
  try {
    const output = engine.compile("tpl", Buffer.from(template)).render(templateData(Object.entries(DATA)), "error");
    return Buffer.from(output).toString("latin1");
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}

function difference(template: string, go: GoAnswer | undefined): string | undefined {
  const got = ours(template);
  const expected = go?.error === undefined ? Buffer.from(go?.output ?? []).toString("latin1") : undefined;
  if (got instanceof Error ? expected === undefined : got === expected) return undefined;
  const shown = (text: string | Error | undefined) =>
    typeof text === "string" ? JSON.stringify(text) : `error ${text?.message ?? go?.error}`;
  return `${template}\n  Go   ${shown(expected)}\n  ours ${shown(got)}`;
}

test(`${COUNT} generated templates render as in Go`, async () => {
  const random = createRandom(SEED);
  const templates = Array.from({ length: COUNT }, () => generateTemplate(random));
  const answers = await askGo(
    templates.map((template) => ({ op: "render", template: Buffer.from(template), data: DATA })),
  );
  assert.equal(answers.length, templates.length);
  const differences = templates.flatMap((template, index) => difference(template, answers[index]) ?? []);
  const failed = answers.filter(({ error }) => error !== undefined).length;
  assert.ok(failed < COUNT / 2, `${failed} of ${COUNT} templates fail: the generator is of little use`);
  assert.equal(differences.length, 0, `${differences.length} differ:\n${differences.slice(0, SHOWN).join("\n")}`);
});

/** JSON has one kind of numbers. */
function withNumbers(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? Number(part) : part)));
}

function yamlDifference(document: string, go: GoAnswer | undefined): string | undefined {
  const expected = go?.error === undefined ? Buffer.from(go?.output ?? []).toString() : undefined;
  try {
    const got = withNumbers(plainValueOf(readYaml(Buffer.from(document).toString("latin1"))));
    if (expected !== undefined && isDeepStrictEqual(got, JSON.parse(expected))) return undefined;
    return `${JSON.stringify(document)}\n  Go   ${expected ?? `error ${go?.error}`}\n  ours ${JSON.stringify(got)}`;
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    return expected === undefined ? undefined : `${JSON.stringify(document)}\n  Go   ${expected}\n  ours ${error}`;
  }
}

test(`${COUNT} generated YAML documents read as in Go`, async () => {
  const random = createRandom(SEED);
  const documents = Array.from({ length: COUNT }, () => generateYaml(random));
  const answers = await askGo(documents.map((document) => ({ op: "yaml", template: Buffer.from(document) })));
  assert.equal(answers.length, documents.length);
  const differences = documents.flatMap((document, index) => yamlDifference(document, answers[index]) ?? []);
  assert.equal(differences.length, 0, `${differences.length} differ:\n${differences.slice(0, SHOWN).join("\n")}`);
});
