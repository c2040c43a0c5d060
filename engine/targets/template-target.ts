/** What rendered templates are put into: a Secret, or an object of another kind. */
import type { JsonValue } from "../yaml/index.ts";

/** The seam between rendering and the two kinds of targets. */
export interface TemplateTarget {
  /**
   * Puts one value under a key of the named part: `Data`, `Annotations`, `Labels`, and whatever else the target has.
   * @throws InvalidConfiguration where there is no such part
   */
  put(part: string, key: string, value: Uint8Array): void;
  /**
   * Puts a whole structure at a path.
   * @throws InvalidConfiguration where there can be none
   */
  putStructure(path: string, structure: JsonValue): void;
}
