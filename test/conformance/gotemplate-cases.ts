/** Conformance kind `gotemplate`: one template each. The reference's error text is informative only. */
import { templateData } from "../../engine/template-engine.ts";
import { bytesOfCase, caseValueOf, secretMapOfCase } from "./case-values.ts";
import { resultOrError } from "./compare.ts";
import type { Comparison, ConformanceCase } from "./conformance-file.ts";
import { engineOfCases } from "./engine.ts";

/** The name under which the reference compiled its templates. */
const TEMPLATE_NAME = "tpl";

export function runGoTemplateCase({ template, data, expect, expectErr }: ConformanceCase): Promise<Comparison> {
  const error = typeof expectErr === "string" ? "" : undefined;
  return resultOrError({ value: expect, error, isPart: true }, () => {
    const compiled = engineOfCases().compile(TEMPLATE_NAME, bytesOfCase(template));
    return caseValueOf(compiled.render(templateData(secretMapOfCase(data)), "error"));
  });
}
