/** Conformance kinds `template` and `template_extra`: steps of templates, rendered into a Secret or another object. */
import { createManifestTarget } from "../../engine/targets/manifest-target.ts";
import { renderTemplates, type TemplateScope } from "../../engine/targets/render-templates.ts";
import { createSecretTarget } from "../../engine/targets/secret-target.ts";
import type { TemplateTarget } from "../../engine/targets/template-target.ts";
import { templateData } from "../../engine/template-engine.ts";
import { jsonMapOf, plainValueOf } from "../../engine/yaml/index.ts";
import { bytesOfCase, caseValuesOf, secretMapOfCase } from "./case-values.ts";
import { resultOrError } from "./compare.ts";
import { type Comparison, type ConformanceCase, fieldsOf } from "./conformance-file.ts";
import { engineOfCases } from "./engine.ts";

type Fields = Readonly<Record<string, unknown>>;

export function runTemplateCase({ input, expect, expectErr }: ConformanceCase): Promise<Comparison> {
  const fields = fieldsOf(input);
  const error = expectErr === undefined || expectErr === null ? undefined : String(fieldsOf(expectErr).contains ?? "");
  return resultOrError({ value: expect, error, isPart: true }, () =>
    fields.kind === "Secret" ? renderedSecret(fields) : renderedObject(fields),
  );
}

function renderedSecret(input: Fields): unknown {
  const seed = fieldsOf(input.seed);
  const target = createSecretTarget(secretMapOfCase(seed.data));
  runSteps(input, target);
  return {
    data: caseValuesOf(target.data),
    labels: { ...fieldsOf(seed.labels), ...Object.fromEntries(target.labels) },
    annotations: { ...fieldsOf(seed.annotations), ...Object.fromEntries(target.annotations) },
  };
}

function renderedObject(input: Fields): unknown {
  const root = jsonMapOf(fieldsOf(input.seed));
  runSteps(input, createManifestTarget(root));
  return { object: plainValueOf(root) };
}

function runSteps(input: Fields, target: TemplateTarget): void {
  const engine = engineOfCases({
    ...(typeof input.leftDelimiter === "string" ? { left: input.leftDelimiter } : {}),
    ...(typeof input.rightDelimiter === "string" ? { right: input.rightDelimiter } : {}),
  });
  const data = templateData(secretMapOfCase(input.data));
  const steps = Array.isArray(input.steps) ? input.steps.map(fieldsOf) : [];
  for (let times = Number(input.repeat ?? 1); times > 0; times--) {
    for (const { templates, scope, target: part, valuesDecodingStrategy } of steps) {
      const step = {
        templates: Object.entries(fieldsOf(templates)).map(([name, text]) => [name, bytesOfCase(text)] as const),
        scope: String(scope) as TemplateScope,
        part: String(part),
        valuesDecodingStrategy: valuesDecodingStrategy === undefined ? undefined : String(valuesDecodingStrategy),
      };
      renderTemplates(step, data, target, engine);
    }
  }
}
