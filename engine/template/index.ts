/** Go's text/template for values of Go: what the rest of the engine uses. */

export { TemplateError } from "./errors.ts";
export type { MissingKey, Surroundings } from "./exec-run.ts";
export { GoError, TemplateLimitExceeded } from "./go-value.ts";
export { DEFAULT_LIMITS, type TemplateLimits } from "./limits.ts";
export { type CompileOptions, compileTemplate, type ExecuteOptions, type Template } from "./template.ts";
