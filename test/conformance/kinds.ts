/** The kinds of conformance cases that can be run, by the base name of their file. */
import type { CaseRunner } from "./conformance-file.ts";
import { runConversionCase, runDecodingCase } from "./decoding-cases.ts";
import { runGoTemplateCase } from "./gotemplate-cases.ts";
import { runRefreshLogicCase } from "./refresh-logic-cases.ts";
import { runRewriteCase } from "./rewrite-cases.ts";
import { runTemplateCase } from "./template-cases.ts";
import { runValidationCase } from "./validation-cases.ts";
import { runValuesCase } from "./values-cases.ts";

/** Kinds whose cases each run by themselves, without any server. */
export const CONFORMANCE_KINDS: ReadonlyMap<string, CaseRunner> = new Map<string, CaseRunner>([
  ["conversion", runConversionCase],
  ["decoding", runDecodingCase],
  ["gotemplate", runGoTemplateCase],
  ["refresh_logic", runRefreshLogicCase],
  ["rewrite", runRewriteCase],
  ["template", runTemplateCase],
  ["template_extra", runTemplateCase],
  ["validation", runValidationCase],
  ["values_hashes_gjson", runValuesCase],
]);
