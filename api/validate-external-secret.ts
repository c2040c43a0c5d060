/** What ESO's admission webhook refuses in an ExternalSecret, without any I/O. The CRD says the same in CEL. */
import type { DeepPartial } from "./deep-partial.ts";
import type { ExternalSecretDataFrom, ExternalSecretSpec, ExternalSecretTemplate } from "./external-secret.ts";
import {
  BOOTSTRAP_TOKEN_TYPE,
  NON_OWNING_CREATION_POLICIES,
  SERVICE_ACCOUNT_NAME_ANNOTATION,
  SERVICE_ACCOUNT_TOKEN_TYPE,
  EXTERNAL_SECRET_TEXTS as TEXTS,
} from "./external-secret-texts.ts";

type Spec = DeepPartial<ExternalSecretSpec>;
type Template = DeepPartial<ExternalSecretTemplate>;

/** An ExternalSecret, as far as it is written. */
export type UncheckedExternalSecret = { readonly spec?: Spec } | null | undefined;

/**
 * All that is wrong with an ExternalSecret beyond its schema, one line each, in ESO's own words; empty when nothing.
 * Missing fields are taken as missing (no default is assumed); fields of a wrong type are the schema's business.
 */
export function validateExternalSecret(object: UncheckedExternalSecret): readonly string[] {
  if (object === null || object === undefined) return [TEXTS.nil];
  const spec = object.spec ?? {};
  return [
    ...policyErrors(spec),
    ...(hasSource(spec) ? [] : [TEXTS.noData]),
    ...validateSecretTemplate(spec.target?.template, isSecretTarget(spec)),
    ...(spec.dataFrom ?? []).flatMap(dataFromErrors),
    ...duplicateKeyErrors(spec),
  ];
}

/**
 * The rules for a template alone: which types, annotations and targets nobody may render.
 * The controller asks again before it renders, for objects that were stored before the rules were.
 * @param targetsSecret whether the result is a Secret of the core API; else any `templateFrom` target is permitted.
 */
export function validateSecretTemplate(template: Template | undefined, targetsSecret: boolean): readonly string[] {
  if (template === undefined) return [];
  return [...privilegedTypeErrors(template), ...(targetsSecret ? templateTargetErrors(template) : [])];
}

function policyErrors(spec: Spec): readonly string[] {
  const { creationPolicy, deletionPolicy } = spec.target ?? {};
  const errors: string[] = [];
  if (deletionPolicy === "Delete" && NON_OWNING_CREATION_POLICIES.some((policy) => policy === creationPolicy)) {
    errors.push(TEXTS.deleteWithoutOwner);
  }
  if (deletionPolicy === "Merge" && creationPolicy === "None") errors.push(TEXTS.mergeIntoNone);
  return errors;
}

function hasSource(spec: Spec): boolean {
  return (spec.data ?? []).length > 0 || (spec.dataFrom ?? []).length > 0;
}

function isSecretTarget(spec: Spec): boolean {
  const manifest = spec.target?.manifest;
  return manifest === undefined || (manifest.apiVersion === "v1" && manifest.kind === "Secret");
}

function privilegedTypeErrors(template: Template): readonly string[] {
  if (template.type === BOOTSTRAP_TOKEN_TYPE) return [TEXTS.bootstrapToken];
  if (template.type !== SERVICE_ACCOUNT_TOKEN_TYPE) return [];
  if (Object.hasOwn(template.metadata?.annotations ?? {}, SERVICE_ACCOUNT_NAME_ANNOTATION)) {
    return [TEXTS.tokenWithAnnotation];
  }
  const rendersAnnotations = (template.templateFrom ?? []).some(
    ({ target }) => target?.toLowerCase() === "annotations",
  );
  return rendersAnnotations ? [TEXTS.tokenWithRenderedAnnotations] : [];
}

function templateTargetErrors(template: Template): readonly string[] {
  return (template.templateFrom ?? [])
    .map(({ target }) => target ?? "")
    .filter((target) => !["", "data", "annotations", "labels"].includes(target.toLowerCase()))
    .map((target) => TEXTS.templateTarget(JSON.stringify(target)));
}

function dataFromErrors(item: DeepPartial<ExternalSecretDataFrom>): readonly string[] {
  const { extract, find, sourceRef } = item;
  const errors: string[] = [];
  if ([extract, find, sourceRef?.generatorRef].filter((source) => source !== undefined).length > 1) {
    errors.push(TEXTS.severalSources);
  }
  if (extract === undefined && find === undefined && sourceRef === undefined) errors.push(TEXTS.noSource);
  if (sourceRef !== undefined && sourceRef.generatorRef === undefined && sourceRef.storeRef === undefined) {
    errors.push(TEXTS.emptySourceRef);
  }
  return errors;
}

function duplicateKeyErrors(spec: Spec): readonly string[] {
  if (spec.target?.deletionPolicy !== "Retain") return [];
  const keys = (spec.data ?? []).map(({ secretKey }) => secretKey ?? "");
  return keys.filter((key, index) => keys.indexOf(key) < index).map(TEXTS.duplicateKey);
}
