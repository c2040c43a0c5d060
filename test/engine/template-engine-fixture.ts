/** A template engine for tests: a fixed time, and random bytes that are none. */
import { createTemplateEngine, type TemplateEngine } from "../../engine/template-engine.ts";

const NOW_MS = Date.parse("2026-06-01T12:00:00Z");

/** With the given limit of steps, or the usual ones. */
export function templateEngine(limits: { readonly steps?: number } = {}): TemplateEngine {
  return createTemplateEngine({
    limits,
    surroundings: { now: () => NOW_MS, randomBytes: (length) => new Uint8Array(length) },
  });
}
