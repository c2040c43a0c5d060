/** Policy: in production no ExternalSecret takes all that its store holds. */
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { RE2JS, RE2JSException } from "re2js";
import { externalSecretSpec } from "./judged-resource.ts";
import { type Fields, fieldsAt, isGiven, itemsOf, textOf } from "./loose-fields.ts";
import { type PolicyDefinition, type PolicyOptions, resourcePolicy } from "./policy-options.ts";
import { PRODUCTION_DEFAULTS, PRODUCTION_PROPERTIES, type ProductionSettings, productionReason } from "./production.ts";

/** Options of `noWildcardFind`. */
export interface NoWildcardFindOptions extends PolicyOptions, Partial<ProductionSettings> {}

/** Names so unlike each other that an expression which matches them all restricts nothing. */
const UNLIKE_NAMES = ["a", "Z", "7", "prod/db/password", "x_y.z-1", "TEAM-A", "/leading/slash", "q".repeat(80), "10.0"];

const definition: PolicyDefinition<ProductionSettings> = {
  name: "external-secrets-no-wildcard-find",
  displayName: "No wildcard find in production",
  description: "In production, a search names what it looks for: it does not take all that a store holds.",
  severity: "high",
  remediationSteps:
    "Give spec.dataFrom[].find a name.regexp that pins down a prefix, a path, or tags; or read single secrets by spec.data.",
  properties: PRODUCTION_PROPERTIES,
  defaults: PRODUCTION_DEFAULTS,
  *judge(resource, settings, args) {
    const secret = externalSecretSpec(resource);
    const reason = secret && productionReason(resource, settings, args);
    if (secret === undefined || reason === undefined) return;
    for (const [index, source] of itemsOf(secret.spec.dataFrom).entries()) {
      const find = fieldsAt(source).find;
      if (find === undefined || find === null || !findsEverything(fieldsAt(find))) continue;
      yield `${resource.title}: ${secret.path}.dataFrom[${index}].find takes every secret of its store, in production (${reason}). Set name.regexp to an expression such as ^team-a/, or path or tags.`;
    }
  },
};

/**
 * Refuses `find` without a restriction: no path, no tags, and a name expression that is missing, empty or matches any
 * name (`.*`, `^.+$`, …). Only in production, which stack, namespace or stack tag decide.
 */
export function noWildcardFind(options: NoWildcardFindOptions = {}): ResourceValidationPolicy {
  return resourcePolicy(definition, options);
}

function findsEverything(find: Fields): boolean {
  const path = textOf(find.path);
  const hasPath = path !== undefined && path.replaceAll("/", "") !== "";
  return !hasPath && !isGiven(find.tags) && matchesAnyName(textOf(fieldsAt(find, "name").regexp) ?? "");
}

/** An expression that cannot be read is for the controller to refuse. */
function matchesAnyName(expression: string): boolean {
  try {
    const pattern = RE2JS.compile(expression);
    return UNLIKE_NAMES.every((name) => pattern.matcher(name).find());
  } catch (error) {
    if (error instanceof RE2JSException) return false;
    throw error;
  }
}
