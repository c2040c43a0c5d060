/** Renders templates into a target: as the values of their keys, or as YAML of keys and values. */
import { InvalidConfiguration, SyncError } from "../../providers/errors.ts";
import { decodeValue } from "../decode.ts";
import { type GoMap, goString } from "../template/go-value.ts";
import { TemplateError, TemplateLimitExceeded } from "../template/index.ts";
import type { TemplateEngine } from "../template-engine.ts";
import { type JsonValue, readYaml, readYamlStrings, YamlError } from "../yaml/index.ts";
import type { TemplateTarget } from "./template-target.ts";

/** What a template's text gives. */
export type TemplateScope = "Values" | "KeysAndValues";

/** Templates with what shall become of them. */
export interface TemplateStep {
  /** By key (`Values`) or by a name that errors show (`KeysAndValues`). */
  readonly templates: Iterable<readonly [name: string, text: Uint8Array]>;
  readonly scope: TemplateScope;
  /** The part of the target, or a path. */
  readonly part: string;
  readonly valuesDecodingStrategy?: string | undefined;
}

/**
 * Renders all templates of a step, in the order of their names.
 * @throws InvalidConfiguration in ESO's words, with the template's own error
 */
export function renderTemplates(step: TemplateStep, data: GoMap, target: TemplateTarget, engine: TemplateEngine): void {
  if (step.scope !== "Values" && step.scope !== "KeysAndValues") {
    throw new InvalidConfiguration(`unknown scope '${step.scope}': expected 'Values' or 'KeysAndValues'`);
  }
  const templates = [...step.templates].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const [name, text] of templates) {
    const rendered = renderTemplate(name, text, data, engine);
    if (step.scope === "Values") putValue(step, name, rendered, target);
    else putKeysAndValues(step, rendered, target);
  }
}

/**
 * Renders one template by the rules of an ExternalSecret's: a key that is not there is an error.
 * @throws InvalidConfiguration in ESO's words, with the template's own error
 */
export function renderTemplate(name: string, text: Uint8Array, data: GoMap, engine: TemplateEngine): Uint8Array {
  try {
    return engine.compile(name, text).render(data, "error");
  } catch (error) {
    if (!(error instanceof TemplateError) && !(error instanceof TemplateLimitExceeded)) throw error;
    const verb = error instanceof TemplateError && error.phase === "parse" ? "parse" : "execute";
    const outer = verb === "parse" ? `unable to execute template at key ${name}: ` : "";
    throw new InvalidConfiguration(`${outer}unable to ${verb} template at key ${name}: ${error.message}`, {
      cause: error,
      remedy: "correct the template",
    });
  }
}

function putValue(step: TemplateStep, key: string, rendered: Uint8Array, target: TemplateTarget): void {
  const value = decoded(step, key, rendered);
  applied(() => target.put(step.part, key, value));
}

function decoded({ valuesDecodingStrategy }: TemplateStep, key: string, value: Uint8Array): Uint8Array {
  try {
    return decodeValue(value, valuesDecodingStrategy);
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    throw new InvalidConfiguration(`failed to decode rendered template value for key ${key}: ${error.message}`, {
      ...error.details,
      cause: error,
      field: "spec.target.template.templateFrom[].valuesDecodingStrategy",
    });
  }
}

function applied(put: () => void): void {
  try {
    put();
  } catch (error) {
    if (!(error instanceof InvalidConfiguration)) throw error;
    throw new InvalidConfiguration(`failed to apply to target: ${error.message}`, { ...error.details, cause: error });
  }
}

/** Parts that hold texts by key; everything else is a path for a structure. */
const TEXT_PARTS = ["data", "labels", "annotations"];

function putKeysAndValues(step: TemplateStep, rendered: Uint8Array, target: TemplateTarget): void {
  if (!TEXT_PARTS.includes(step.part.toLowerCase())) {
    target.putStructure(
      step.part,
      unmarshalled("could not unmarshal template YAML", () => readYaml(goString(rendered))),
    );
    return;
  }
  const texts = unmarshalled("could not unmarshal template to 'map[string][]byte'", () =>
    readYamlStrings(goString(rendered)),
  );
  for (const [key, text] of texts) putValue(step, key, Buffer.from(text), target);
}

function unmarshalled<Result extends JsonValue | ReadonlyMap<string, string>>(
  what: string,
  read: () => Result,
): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new InvalidConfiguration(`${what}: ${error.message}`, {
      cause: error,
      remedy: "quote values with the function quote or toJson, so that any of their characters are text",
    });
  }
}
