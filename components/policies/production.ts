/** What counts as production: decided by names and tags that the pack's configuration gives. */
import type { PolicyConfigSchema } from "@pulumi/policy";
import { matchesGlob } from "./glob.ts";
import { type JudgedArgs, type JudgedResource, stackOf } from "./judged-resource.ts";

/** A resource is in production where any one of these says so. In each list `*` stands for any text. */
export interface ProductionSettings {
  /** Names of stacks. Default: prod, production, and with a dash before or behind, as in `eu-prod`. */
  readonly stacks: readonly string[];
  /** Namespaces of the objects. Default: the same. */
  readonly namespaces: readonly string[];
  /** Tags of the stack, as Pulumi Cloud keeps them. Default: `environment` with `prod*`. */
  readonly stackTags: Readonly<Record<string, string>>;
}

const NAMES: readonly string[] = ["prod", "prod-*", "*-prod", "production", "production-*", "*-production"];

export const PRODUCTION_DEFAULTS: ProductionSettings = {
  stacks: NAMES,
  namespaces: NAMES,
  stackTags: { environment: "prod*" },
};

const texts = { type: "array", items: { type: "string" } } as const;

export const PRODUCTION_PROPERTIES: PolicyConfigSchema["properties"] = {
  stacks: { ...texts, description: "Names of stacks that are production; * stands for any text." },
  namespaces: { ...texts, description: "Namespaces that are production; * stands for any text." },
  stackTags: {
    type: "object",
    additionalProperties: { type: "string" },
    description: "Tags of stacks that are production; in a value * stands for any text.",
  },
};

/** Why it is production, for a message, or undefined where it is not. */
export function productionReason(
  resource: JudgedResource,
  settings: ProductionSettings,
  args: JudgedArgs,
): string | undefined {
  const stack = stackOf(args.urn);
  if (settings.stacks.some((glob) => matchesGlob(stack, glob))) return `stack ${stack}`;
  const { namespace } = resource;
  if (namespace !== undefined && settings.namespaces.some((glob) => matchesGlob(namespace, glob))) {
    return `namespace ${namespace}`;
  }
  const tag = Object.entries(settings.stackTags).find(([name, glob]) => {
    const value = args.stackTags.get(name);
    return value !== undefined && matchesGlob(value, glob);
  });
  return tag === undefined ? undefined : `stack tag ${tag[0]}`;
}
