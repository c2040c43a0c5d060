/** `rewrite.transform`: a template makes each key; a missing key is no error here, in ESO too. */
import { SecretMap } from "../../providers/secret-map.ts";
import { GoMap, goString } from "../template/go-value.ts";
import { GoError, TemplateError, TemplateLimitExceeded } from "../template/index.ts";
import type { TemplateEngine } from "../template-engine.ts";
import { sortedEntries } from "./key-order.ts";

/** @throws GoError with ESO's words and the template's own error */
export function rewriteByTemplate(template: string, data: SecretMap, engine: TemplateEngine): SecretMap {
  const compiled = attempt("parse template", () => engine.compile("transform", Buffer.from(template)));
  const transformed = new SecretMap();
  for (const [key, value] of sortedEntries(data)) {
    const dot = new GoMap(new Map([["value", goString(key)]]), "string");
    const name = attempt(`execute template for key ${JSON.stringify(key)}`, () => compiled.render(dot, "default"));
    transformed.set(Buffer.from(name).toString(), value);
  }
  return transformed;
}

function attempt<Result>(what: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof TemplateError) && !(error instanceof TemplateLimitExceeded)) throw error;
    throw new GoError(`transform failed with failed to ${what}: ${error.message}`);
  }
}
