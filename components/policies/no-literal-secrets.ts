/** Policy: no credential is written into a template, where everybody who reads the cluster or the repository sees it. */
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { externalSecretSpec, type JudgedResource } from "./judged-resource.ts";
import { type LiteralSecretLimits, literalSecretReason } from "./literal-secrets.ts";
import { type Fields, fieldsAt, itemsOf, textOf } from "./loose-fields.ts";
import { type PolicyDefinition, type PolicyOptions, resourcePolicy } from "./policy-options.ts";

/** Options of `noLiteralSecrets`. */
export interface NoLiteralSecretsOptions extends PolicyOptions, Partial<LiteralSecretLimits> {}

interface TemplateText {
  readonly field: string;
  /** The key whose value it is. */
  readonly name?: string;
  readonly text: unknown;
}

const definition: PolicyDefinition<LiteralSecretLimits> = {
  name: "external-secrets-no-literal-secrets",
  displayName: "No literal secret in a template",
  description: "Templates hold no credentials: they are read from the backend.",
  severity: "critical",
  remediationSteps: "Put the value into the backend, change it there, and read it by spec.data.",
  properties: {
    minimumEntropy: {
      type: "number",
      minimum: 0,
      description: "Bits per character from which a text of letters and digits counts as random.",
    },
  },
  defaults: { minimumEntropy: 4 },
  *judge(resource, limits) {
    for (const { field, name, text } of templateTexts(resource)) {
      const template = textOf(text);
      const reason = template === undefined ? undefined : literalSecretReason(name, template, limits);
      if (reason === undefined) continue;
      yield `${resource.title}: ${field} looks like a literal secret: ${reason}. Put the value into the backend, read it by spec.data, and name it here by an action such as {{ .password }}.`;
    }
  },
};

/**
 * Refuses templates of ExternalSecrets, ClusterExternalSecrets and PushSecrets, and defaults of `data`, that hold what
 * looks like a credential: a value without `{{ }}` whose key is called password, token or the like, a known format (a
 * private key, tokens of known services, a password in a URL), or a long random text. No message holds the value.
 */
export function noLiteralSecrets(options: NoLiteralSecretsOptions = {}): ResourceValidationPolicy {
  return resourcePolicy(definition, options);
}

function* templateTexts(resource: JudgedResource): Generator<TemplateText> {
  const secret = externalSecretSpec(resource);
  if (secret !== undefined) {
    yield* textsOfTemplate(fieldsAt(secret.spec, "target", "template"), `${secret.path}.target.template`);
    for (const [index, item] of itemsOf(secret.spec.data).entries()) {
      const { secretKey, default: text } = fieldsAt(item);
      yield { field: `${secret.path}.data[${index}].default`, name: textOf(secretKey) ?? "", text };
    }
  } else if (resource.kind === "PushSecret") {
    yield* textsOfTemplate(fieldsAt(resource.spec, "template"), "spec.template");
  }
}

function* textsOfTemplate(template: Fields, path: string): Generator<TemplateText> {
  for (const [name, text] of Object.entries(fieldsAt(template, "data"))) {
    yield { field: `${path}.data["${name}"]`, name, text };
  }
  for (const [index, source] of itemsOf(template.templateFrom).entries()) {
    yield { field: `${path}.templateFrom[${index}].literal`, text: fieldsAt(source).literal };
  }
  for (const [name, text] of Object.entries(fieldsAt(template, "metadata", "annotations"))) {
    yield { field: `${path}.metadata.annotations["${name}"]`, name, text };
  }
}
