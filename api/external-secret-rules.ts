/** What the API server refuses in an ExternalSecret, in CEL. `validateExternalSecret` says the same without a server. */
import { celMessage } from "./cel-message.ts";
import {
  BOOTSTRAP_TOKEN_TYPE,
  NON_OWNING_CREATION_POLICIES,
  SERVICE_ACCOUNT_NAME_ANNOTATION,
  SERVICE_ACCOUNT_TOKEN_TYPE,
  EXTERNAL_SECRET_TEXTS as TEXTS,
} from "./external-secret-texts.ts";
import type { CelRule } from "./schema-extensions.ts";

const HAS_DATA = "has(self.spec.data) && size(self.spec.data) > 0";
const HAS_DATA_FROM = "has(self.spec.dataFrom) && size(self.spec.dataFrom) > 0";

/** On the whole object, so that a missing `spec` is refused, too. */
export const EXTERNAL_SECRET_RULES: readonly CelRule[] = [
  { rule: `has(self.spec) && (${HAS_DATA} || ${HAS_DATA_FROM})`, message: TEXTS.noData, fieldPath: ".spec" },
];

/** Longest `data` in which duplicates are looked for here: with more, and long keys, the check would exceed the API server's budget. */
const MAX_COMPARED_ITEMS = 128;

/** Evaluates CEL with `keys` bound to the keys of `data`; gives a list of one result. */
const withKeys = (macro: "all" | "map", expression: string) =>
  `[self.data.map(d, d.secretKey)].${macro}(keys, ${expression})`;

/** On `spec`. The message names the first key only, for a message has one line. */
export const EXTERNAL_SECRET_SPEC_RULES: readonly CelRule[] = [
  {
    rule: [
      "self.target.deletionPolicy != 'Retain'",
      "!has(self.data)",
      `self.data.size() > ${MAX_COMPARED_ITEMS}`,
      withKeys("all", "keys.all(key, keys.indexOf(key) == keys.lastIndexOf(key))"),
    ].join(" || "),
    message: "duplicate secretKey found",
    messageExpression: `${withKeys(
      "map",
      `self.data.map(d, keys.indexOf(d.secretKey) != keys.lastIndexOf(d.secretKey), ${celMessage(TEXTS.duplicateKey, "d.secretKey")})`,
    )}[0][0]`,
  },
];

const IS_SECRET_TARGET = "t.target.matches('(?i)^(data|annotations|labels)?$')";
const TARGETS_SECRET = "(!has(self.manifest) || (self.manifest.apiVersion == 'v1' && self.manifest.kind == 'Secret'))";

/** On `spec.target`. */
export const TARGET_RULES: readonly CelRule[] = [
  {
    rule: `self.deletionPolicy != 'Delete' || !(self.creationPolicy in ${JSON.stringify(NON_OWNING_CREATION_POLICIES)})`,
    message: TEXTS.deleteWithoutOwner,
  },
  { rule: "self.deletionPolicy != 'Merge' || self.creationPolicy != 'None'", message: TEXTS.mergeIntoNone },
  {
    rule: [
      `!${TARGETS_SECRET}`,
      "!has(self.template)",
      "!has(self.template.templateFrom)",
      `self.template.templateFrom.all(t, ${IS_SECRET_TARGET})`,
    ].join(" || "),
    message: "templateFrom target is not allowed when targeting a Secret",
    messageExpression: `self.template.templateFrom.map(t, !${IS_SECRET_TARGET}, ${celMessage(
      (target) => TEXTS.templateTarget(`"${target}"`),
      "t.target",
    )})[0]`,
  },
];

const IS_TOKEN = `has(self.type) && self.type == '${SERVICE_ACCOUNT_TOKEN_TYPE}'`;
const NAMES_ACCOUNT = `has(self.metadata) && has(self.metadata.annotations) && '${SERVICE_ACCOUNT_NAME_ANNOTATION}' in self.metadata.annotations`;
const RENDERS_ANNOTATIONS =
  "has(self.templateFrom) && self.templateFrom.exists(t, t.target.matches('(?i)^annotations$'))";

/** On `spec.target.template`. */
export const TEMPLATE_RULES: readonly CelRule[] = [
  { rule: `!has(self.type) || self.type != '${BOOTSTRAP_TOKEN_TYPE}'`, message: TEXTS.bootstrapToken },
  { rule: `!(${IS_TOKEN}) || !(${NAMES_ACCOUNT})`, message: TEXTS.tokenWithAnnotation },
  {
    rule: `!(${IS_TOKEN}) || (${NAMES_ACCOUNT}) || !(${RENDERS_ANNOTATIONS})`,
    message: TEXTS.tokenWithRenderedAnnotations,
  },
];

const HAS_GENERATOR = "has(self.sourceRef) && has(self.sourceRef.generatorRef)";

/** On each item of `spec.dataFrom`. */
export const DATA_FROM_RULES: readonly CelRule[] = [
  {
    rule: `has(self.extract) ? !has(self.find) && !(${HAS_GENERATOR}) : !has(self.find) || !(${HAS_GENERATOR})`,
    message: TEXTS.severalSources,
  },
  { rule: "has(self.extract) || has(self.find) || has(self.sourceRef)", message: TEXTS.noSource },
  {
    rule: "!has(self.sourceRef) || has(self.sourceRef.storeRef) || has(self.sourceRef.generatorRef)",
    message: TEXTS.emptySourceRef,
  },
];
