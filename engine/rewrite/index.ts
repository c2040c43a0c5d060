/** `dataFrom[].rewrite`: what becomes of the keys that a backend gave. */
import type { Rewrite } from "../../api/external-secret.ts";
import { InvalidConfiguration, SyncError } from "../../providers/errors.ts";
import type { SecretMap } from "../../providers/secret-map.ts";
import { GoError, TemplateError, TemplateLimitExceeded } from "../template/index.ts";
import type { TemplateEngine } from "../template-engine.ts";
import { mergeValues } from "./merge.ts";
import { rewriteByRegexp } from "./regexp.ts";
import { rewriteByTemplate } from "./transform.ts";

/**
 * Carries out the operations in order, each on the result of the one before.
 * Where two keys become the same, the one that stands later in the alphabet wins (in ESO it is left to chance).
 * @throws InvalidConfiguration in ESO's words, with the operation's index
 */
export function rewriteKeys(operations: readonly Rewrite[], data: SecretMap, engine: TemplateEngine): SecretMap {
  return operations.reduce((current, operation, index) => {
    try {
      return rewriteOnce(operation, current, engine);
    } catch (error) {
      throw withOperation(error, index);
    }
  }, data);
}

function rewriteOnce({ merge, regexp, transform }: Rewrite, data: SecretMap, engine: TemplateEngine): SecretMap {
  if (merge !== undefined) return mergeValues(merge, data, engine.context);
  if (regexp !== undefined) return rewriteByRegexp(regexp, data, engine.context);
  return transform === undefined ? data : rewriteByTemplate(transform.template, data, engine);
}

const REMEDIES = {
  merge: "see that every value is a JSON object, or set conflictPolicy: Ignore and priorityPolicy: IgnoreNotFound",
  regexp: "write regexp.source in RE2 syntax",
  transform: "correct transform.template",
} as const;

/** Errors of templates and of JSON have their place in the spec, and no value. */
function withOperation(error: unknown, index: number): unknown {
  const isOurs = error instanceof SyncError || error instanceof GoError || error instanceof TemplateError;
  if (!isOurs && !(error instanceof TemplateLimitExceeded)) return error;
  const kind = (["merge", "regexp", "transform"] as const).find((each) => error.message.startsWith(each));
  return new InvalidConfiguration(`failed rewrite operation[${index}]: ${error.message}`, {
    cause: error,
    ...(kind === undefined ? {} : { remedy: REMEDIES[kind] }),
  });
}
