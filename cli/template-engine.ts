/** The template engine of commands: with the clock and the randomness of the process. */
import { randomBytes } from "node:crypto";
import { systemClock } from "../api/clock.ts";
import { createTemplateEngine, type TemplateEngine } from "../engine/template-engine.ts";
import type { Flag, GivenFlags } from "./parse-flags.ts";

/** Flags of all commands that render templates. */
export const DELIMITER_FLAGS: readonly Flag[] = [
  { name: "template-left-delimiter", kind: "string", default: "{{", help: "What begins an action in a template." },
  { name: "template-right-delimiter", kind: "string", default: "}}", help: "What ends an action in a template." },
];

/** An engine with the delimiters of the flags. */
export function engineOf(flags: GivenFlags): TemplateEngine {
  return createTemplateEngine({
    leftDelimiter: flags.text("template-left-delimiter"),
    rightDelimiter: flags.text("template-right-delimiter"),
    surroundings: { now: () => systemClock.now(), randomBytes: (length) => randomBytes(length) },
  });
}
