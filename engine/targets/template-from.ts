/** `templateFrom`: templates that stand in ConfigMaps, in Secrets or in the ExternalSecret itself. */
import type { TemplateFrom } from "../../api/external-secret.ts";
import { InvalidConfiguration } from "../../providers/errors.ts";
import type { TemplateStep } from "./render-templates.ts";

/** Reads the objects that hold templates, in the namespace of the ExternalSecret. */
export interface TemplateSources {
  /** The data of a ConfigMap; undefined where there is no such object. */
  readConfigMap(name: string, signal: AbortSignal): Promise<ReadonlyMap<string, Uint8Array> | undefined>;
  /** The data of a Secret; undefined where there is no such object. */
  readSecret(name: string, signal: AbortSignal): Promise<ReadonlyMap<string, Uint8Array> | undefined>;
}

/** A step and the field of the ExternalSecret that it comes from. */
export interface LocatedStep extends TemplateStep {
  readonly field: string;
}

const FIELD = "spec.target.template.templateFrom";

/**
 * The steps in ESO's order: of each item its ConfigMap, its Secret, its literal.
 * @throws InvalidConfiguration for an object or key that is not there; whatever the sources throw
 */
export async function templateFromSteps(
  items: readonly TemplateFrom[],
  sources: TemplateSources,
  signal: AbortSignal,
): Promise<readonly LocatedStep[]> {
  const steps: LocatedStep[] = [];
  for (const [index, item] of items.entries()) {
    const field = `${FIELD}[${index}]`;
    if (item.configMap !== undefined) {
      const data = await sources.readConfigMap(item.configMap.name, signal);
      steps.push(...objectSteps("configmap", item.configMap, data, item, `${field}.configMap`));
    }
    if (item.secret !== undefined) {
      const data = await sources.readSecret(item.secret.name, signal);
      steps.push(...objectSteps("secret", item.secret, data, item, `${field}.secret`));
    }
    if (item.literal !== undefined) {
      const text = Buffer.from(item.literal);
      steps.push(stepOf(item, "KeysAndValues", `${field}.literal`, `templateFrom[${index}].literal`, text));
    }
  }
  return steps;
}

function objectSteps(
  kind: "configmap" | "secret",
  { name, items }: NonNullable<TemplateFrom["configMap"]>,
  data: ReadonlyMap<string, Uint8Array> | undefined,
  item: TemplateFrom,
  field: string,
): readonly LocatedStep[] {
  if (data === undefined) {
    throw new InvalidConfiguration(`${kind} ${name} not found`, {
      field: `${field}.name`,
      remedy: "create it in the namespace of the ExternalSecret, or correct the name",
    });
  }
  return items.map(({ key, templateAs = "Values" }, index) => {
    const text = data.get(key);
    if (text === undefined) {
      throw new InvalidConfiguration(`error in ${kind} ${name}: missing key ${key}`, {
        field: `${field}.items[${index}].key`,
        remedy: `add the key to the ${kind === "secret" ? "Secret" : "ConfigMap"}, or correct its name here`,
      });
    }
    const templateName = templateAs === "Values" ? key : `${kind} ${name}/${key}`;
    return stepOf(item, templateAs, `${field}.items[${index}]`, templateName, text);
  });
}

function stepOf(
  { target = "Data", valuesDecodingStrategy }: TemplateFrom,
  scope: TemplateStep["scope"],
  field: string,
  templateName: string,
  text: Uint8Array,
): LocatedStep {
  return {
    field,
    scope,
    part: target === "" ? "Data" : target,
    valuesDecodingStrategy,
    templates: [[templateName, text]],
  };
}
