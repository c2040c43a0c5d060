/** The body of a server-side apply, which the API server reads as YAML 1.1. */

/**
 * Characters that JSON may hold as they are and YAML 1.1 may not, or would fold as line breaks: DEL and C1 controls (NEL among
 * them), the two Unicode separators, byte order mark and non-characters.
 */
const NOT_PLAIN_IN_YAML = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** JSON in which every such character is escaped, so that JSON and YAML readers see the same value. */
export function applyBody(object: object): string {
  return JSON.stringify(object).replace(
    NOT_PLAIN_IN_YAML,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
