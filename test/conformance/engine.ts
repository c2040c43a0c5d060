/** The template engine as cases use it. */
import { randomBytes } from "node:crypto";
import { createTemplateEngine, type TemplateEngine } from "../../engine/template-engine.ts";

/** With the given delimiters, the clock of now, and real randomness. */
export function engineOfCases(delimiters: { left?: string; right?: string } = {}): TemplateEngine {
  return createTemplateEngine({
    surroundings: { now: () => Date.now(), randomBytes: (length) => randomBytes(length) },
    ...(delimiters.left === undefined ? {} : { leftDelimiter: delimiters.left }),
    ...(delimiters.right === undefined ? {} : { rightDelimiter: delimiters.right }),
  });
}
