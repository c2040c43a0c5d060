/** What all policies of this package can be told: by code, and by the pack's configuration. */
import type {
  EnforcementLevel,
  PolicyConfigSchema,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  Severity,
} from "@pulumi/policy";
import { matchesGlob } from "./glob.ts";
import { type JudgedArgs, type JudgedResource, judgedResource } from "./judged-resource.ts";

/** Options that each policy has. A value in the pack's configuration (`--policy-pack-config`) goes before the option. */
export interface PolicyOptions {
  /** What a violation does: `mandatory` stops the update, `advisory` warns. Default: the pack's. */
  readonly enforcementLevel?: EnforcementLevel;
  /** Pulumi names of resources that are not judged; `*` stands for any text. Default: none. */
  readonly exempt?: readonly string[];
}

/** A policy before its options are known. `Settings` is its configuration with all defaults. */
export interface PolicyDefinition<Settings extends object> {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly severity: Severity;
  readonly remediationSteps: string;
  readonly properties: PolicyConfigSchema["properties"];
  readonly defaults: Settings;
  /** Each violation is a sentence that names the resource, the field and the remedy. */
  readonly judge: (resource: JudgedResource, settings: Settings, args: JudgedArgs) => Iterable<string>;
}

const EXEMPT = {
  type: "array",
  items: { type: "string" },
  description: "Pulumi names of resources that are not judged; * stands for any text.",
} as const;

/** The policy with a program's options: they are the defaults that the pack's configuration can change. */
export function resourcePolicy<Settings extends object>(
  definition: PolicyDefinition<Settings>,
  options: PolicyOptions & Partial<Settings>,
): ResourceValidationPolicy {
  const { enforcementLevel, ...given } = options;
  const { properties, defaults, judge, ...about } = definition;
  const settings = { exempt: [] as readonly string[], ...defaults, ...definedOnly(given) };
  return {
    ...about,
    framework: FRAMEWORK,
    ...(enforcementLevel === undefined ? {} : { enforcementLevel }),
    configSchema: { properties: withDefaults({ ...properties, exempt: EXEMPT }, settings) },
    validateResource(args: ResourceValidationArgs, reportViolation: ReportViolation) {
      const resource = judgedResource(args);
      if (resource === undefined) return;
      const configured = { ...settings, ...definedOnly(args.getConfig<Partial<typeof settings>>()) };
      if (configured.exempt.some((glob) => matchesGlob(resource.resourceName, glob))) return;
      for (const message of judge(resource, configured, args)) reportViolation(message);
    },
  };
}

const FRAMEWORK = {
  name: "pulumi-external-secrets",
  version: "1",
  reference: "",
  specification: "",
};

function definedOnly<T extends object>(given: T): Partial<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function withDefaults(
  properties: PolicyConfigSchema["properties"],
  settings: object,
): PolicyConfigSchema["properties"] {
  const values: Readonly<Record<string, unknown>> = { ...settings };
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, { ...schema, default: values[name] as object }]),
  );
}
