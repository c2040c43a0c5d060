/** How deep values may be nested for functions that walk through them; a map can hold itself. */
import { TemplateLimitExceeded } from "../go-value.ts";

const MAX_NESTING = 1000;

/**
 * One level more.
 * @throws TemplateLimitExceeded beyond 1000 levels
 */
export function deeper(depth: number): number {
  if (depth >= MAX_NESTING) throw new TemplateLimitExceeded(`values are nested deeper than ${MAX_NESTING} levels`);
  return depth + 1;
}
