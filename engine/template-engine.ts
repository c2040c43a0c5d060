/** Renders templates of ExternalSecrets: the function map, delimiters, limits and surroundings are chosen once. */
import { functionMap } from "./template/functions/index.ts";
import { type CallContext, type FunctionMap, GoMap, goString } from "./template/go-value.ts";
import { compileTemplate, type Surroundings, type Template, type TemplateLimits } from "./template/index.ts";

/** A template that is ready to be rendered. */
export interface CompiledTemplate {
  /**
   * Renders it with values by key, which the template sees as `map[string]string`.
   * @param missingKey `error` for templates of the target, `default` (prints `<no value>`) for those of a rewrite
   * @throws TemplateError, TemplateLimitExceeded
   */
  render(data: GoMap, missingKey: "error" | "default"): Uint8Array;
}

/** Renders templates; holds compiled ones, and no value. */
export interface TemplateEngine {
  /**
   * Compiles a text, unless that was done lately.
   * @param name of the template, for errors
   * @throws TemplateError where it is no template
   */
  compile(name: string, text: Uint8Array): CompiledTemplate;
  /** What functions get that are called outside of a template: it counts no work. */
  readonly context: CallContext;
}

/** What an engine is made of. */
export interface TemplateEngineOptions {
  /** Clock and randomness of the functions, and of the time limit. */
  readonly surroundings: Surroundings;
  /** Default: `{{`. */
  readonly leftDelimiter?: string;
  /** Default: `}}`. */
  readonly rightDelimiter?: string;
  /** Default: `DEFAULT_LIMITS`. */
  readonly limits?: Partial<TemplateLimits>;
}

/** Compiled templates that are kept: those used last. */
const MAX_COMPILED = 200;
/** Longer texts are compiled anew each time, so that what is kept stays small. */
const MAX_KEPT_LENGTH = 64 * 1024;

/** An engine with all of ESO's functions. */
export function createTemplateEngine(options: TemplateEngineOptions): TemplateEngine {
  const functions: FunctionMap = functionMap();
  const { surroundings, leftDelimiter = "", rightDelimiter = "", limits = {} } = options;
  const compiled = new Map<string, Template>();
  const templateOf = (name: string, text: Uint8Array): Template => {
    const key = `${name.length}:${name}${goString(text)}`;
    const known = compiled.get(key);
    compiled.delete(key);
    const template = known ?? compileTemplate(name, text, { functions, leftDelimiter, rightDelimiter });
    if (key.length > MAX_KEPT_LENGTH) return template;
    compiled.set(key, template);
    const [oldest] = compiled.size > MAX_COMPILED ? compiled.keys() : [];
    if (oldest !== undefined) compiled.delete(oldest);
    return template;
  };
  return {
    compile(name, text) {
      const template = templateOf(name, text);
      return { render: (data, missingKey) => template.execute(data, { missingKey, limits, context: surroundings }) };
    },
    context: { ...surroundings, spend: () => {} },
  };
}

/** Values by key as templates see them. */
export function templateData(values: Iterable<readonly [key: string, value: Uint8Array]>): GoMap {
  const entries = new Map<string, string>();
  for (const [key, value] of values) entries.set(goString(key), goString(value));
  return new GoMap(entries, "string");
}
