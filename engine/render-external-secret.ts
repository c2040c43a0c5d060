/** From an ExternalSecret and the data that was read for it to the Secret that must stand in the cluster, as ESO makes it. */
import type { ExternalSecret, ExternalSecretTemplate } from "../api/external-secret.ts";
import { validateSecretTemplate } from "../api/validate-external-secret.ts";
import { InvalidConfiguration } from "../providers/errors.ts";
import { SecretMap } from "../providers/secret-map.ts";
import { type DesiredSecret, desiredSecret, type SecretContent } from "./desired-secret.ts";
import { renderTemplates, type TemplateStep } from "./targets/render-templates.ts";
import { createSecretTarget, type SecretTarget } from "./targets/secret-target.ts";
import { type LocatedStep, type TemplateSources, templateFromSteps } from "./targets/template-from.ts";
import { type TemplateEngine, templateData } from "./template-engine.ts";

export type { TemplateSources } from "./targets/template-from.ts";

/** What rendering takes beside the ExternalSecret and its data. */
export interface RenderParts {
  readonly engine: TemplateEngine;
  readonly sources: TemplateSources;
  /** The Secret that is there: its data is kept under the creation policies Merge and CreateOrMerge, its type unless the template has one. */
  readonly existing?: { readonly type: string; readonly data: SecretMap };
}

/** It holds the ExternalSecret's own manifest and would make `kubectl apply` on the target go wrong. */
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
/** They tell Pulumi what to do with the ExternalSecret itself: wait for it, replace it, take it over. */
const FOR_PULUMI = "pulumi.com/";

/**
 * Renders the Secret. Precedence, lowest first: existing data, data of the backend (with mergePolicy Merge, or where no
 * template says what is in the Secret), `templateFrom` in order, `template.data`.
 * @throws InvalidConfiguration naming the template's field, line and column, without any value; whatever the sources throw
 */
export async function renderExternalSecret(
  externalSecret: ExternalSecret,
  data: SecretMap,
  parts: RenderParts,
  signal: AbortSignal,
): Promise<DesiredSecret> {
  const { template, creationPolicy } = externalSecret.spec.target ?? {};
  const isMerged = creationPolicy === "Merge" || creationPolicy === "CreateOrMerge";
  const kept = isMerged ? (parts.existing?.data ?? new SecretMap()) : new SecretMap();
  const type = template?.type || parts.existing?.type || "Opaque";
  if (template === undefined) return desiredSecret(externalSecret, plainContent(externalSecret, type, kept, data));
  refuseGuarded(template);
  const target = createSecretTarget(includesData(template) ? new SecretMap([...kept, ...data]) : kept);
  await renderInto(target, template, data, parts, signal);
  return desiredSecret(externalSecret, {
    type,
    labels: Object.fromEntries(target.labels),
    annotations: Object.fromEntries(target.annotations),
    finalizers: [...new Set(template.metadata?.finalizers ?? [])],
    data: target.data,
  });
}

/** Without a template: the data as it is, labels and annotations of the ExternalSecret. */
function plainContent({ metadata }: ExternalSecret, type: string, kept: SecretMap, data: SecretMap): SecretContent {
  return {
    type,
    labels: metadata.labels ?? {},
    annotations: copiedAnnotations(metadata.annotations),
    finalizers: [],
    data: new SecretMap([...kept, ...data]),
  };
}

/** Annotations of the ExternalSecret that its target gets where there is no template. */
export function copiedAnnotations(annotations: Readonly<Record<string, string>> | undefined): Record<string, string> {
  const isCopied = (name: string) => name !== LAST_APPLIED && !name.startsWith(FOR_PULUMI);
  return Object.fromEntries(Object.entries(annotations ?? {}).filter(([name]) => isCopied(name)));
}

/** Asked again here for objects that were stored before the CRD refused them. */
function refuseGuarded(template: ExternalSecretTemplate): void {
  const problems = validateSecretTemplate(template, true);
  if (problems.length === 0) return;
  throw new InvalidConfiguration(problems.join("; "), {
    field: "spec.target.template",
    remedy: "choose another type, or leave out what is not allowed",
  });
}

/** Whether the backend's values are in the Secret beside what is rendered. */
function includesData({ mergePolicy, data = {}, templateFrom = [] }: ExternalSecretTemplate): boolean {
  return mergePolicy === "Merge" || (Object.keys(data).length === 0 && templateFrom.length === 0);
}

async function renderInto(
  target: SecretTarget,
  template: ExternalSecretTemplate,
  data: SecretMap,
  { engine, sources }: RenderParts,
  signal: AbortSignal,
): Promise<void> {
  const steps = [
    ...(await templateFromSteps(template.templateFrom ?? [], sources, signal)),
    ownStep("spec.target.template.data", "Data", template.data),
    ownStep("spec.target.template.metadata.labels", "Labels", template.metadata?.labels),
    ownStep("spec.target.template.metadata.annotations", "Annotations", template.metadata?.annotations),
  ];
  const values = templateData(data);
  for (const step of steps) renderLocated(step, () => renderTemplates(step, values, target, engine));
}

function ownStep(field: string, part: TemplateStep["part"], texts: Readonly<Record<string, string>> = {}): LocatedStep {
  const templates = Object.entries(texts).map(([key, text]) => [key, Buffer.from(text)] as const);
  return { field, part, scope: "Values", templates };
}

/** Says which field of the ExternalSecret holds the template. */
export function renderLocated({ field }: LocatedStep, render: () => void): void {
  try {
    render();
  } catch (error) {
    if (!(error instanceof InvalidConfiguration)) throw error;
    throw new InvalidConfiguration(`${field}: ${error.message}`, { ...error.details, cause: error, field });
  }
}
