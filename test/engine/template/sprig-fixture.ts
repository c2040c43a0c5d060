/** Renders templates with all functions; what is expected was recorded from Go 1.26 with sprig 3.3 in UTC. */

import assert from "node:assert/strict";
import { functionMap } from "../../../engine/template/functions/index.ts";
import { outcome, type RenderOptions } from "./core-fixture.ts";

/** The moment that `now` gives: 2024-05-06T07:08:09.5Z. */
export const NOW = Date.UTC(2024, 4, 6, 7, 8, 9, 500);

/** What a template gives: its output, or its error's message. */
export function rendered(template: string, options: RenderOptions = {}): string {
  return outcome(template, {
    functions: functionMap(),
    context: { now: () => NOW, randomBytes: countedBytes() },
    ...options,
  });
}

/** Checks that templates give the outcomes at their side. */
export function assertRenders(cases: readonly (readonly [template: string, expected: string])[]): void {
  for (const [template, expected] of cases) assert.equal(rendered(template), expected, template);
}

/** Bytes that go on and on, in the place of random ones. */
function countedBytes(): (length: number) => Uint8Array {
  let next = 0;
  return (length) => Uint8Array.from({ length }, () => (next++ * 37) & 0xff);
}
