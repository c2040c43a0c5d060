/** What the API server refuses in a store, in CEL. `validateSecretStore` says the same without a server. */
import { celMessage } from "./cel-message.ts";
import type { CelRule } from "./schema-extensions.ts";
import { RESERVED_SESSION_TAGS, SECRET_STORE_TEXTS as TEXTS } from "./secret-store-texts.ts";

/** On the whole object, so that a missing `spec` is refused. */
export const SECRET_STORE_RULES: readonly CelRule[] = [
  { rule: "has(self.spec)", message: TEXTS.backendCount(0), fieldPath: ".spec" },
];

/** On `spec.provider`, whose fields are given. In place of maxProperties, whose error would keep the rules from running. */
export function providerRules(names: readonly string[]): readonly CelRule[] {
  const count = `[${names.map((name) => `has(self.${name})`).join(", ")}].filter(given, given).size()`;
  return [
    {
      rule: `${count} == 1`,
      message: "secret stores must only have exactly one backend specified",
      messageExpression: celMessage(
        TEXTS.backendCount,
        `${JSON.stringify(["", ...names].map((_, index) => String(index)))}[${count}]`,
      ),
    },
  ];
}

/** Go's grammar of durations. */
const DURATION = "^[+-]?(0|(([0-9]+([.][0-9]*)?|[.][0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$";

/** On `spec.refreshInterval`. */
export const REFRESH_INTERVAL_RULES: readonly CelRule[] = [
  {
    rule: `type(self) == int || self == '' || self.matches('${DURATION}')`,
    message: "invalid refreshInterval",
    messageExpression: celMessage(TEXTS.invalidInterval, "string(self)"),
  },
  {
    rule: "type(self) == int ? self >= 0 : !self.matches('^-.*[1-9]')",
    message: "invalid refreshInterval: must not be negative",
    messageExpression: celMessage(TEXTS.negativeInterval, "string(self)"),
  },
];

/** On each of `spec.conditions[].namespaceRegexes`: the evaluation itself fails where the expression does not compile. */
export const NAMESPACE_REGEX_RULES: readonly CelRule[] = [
  { rule: "''.matches(self) in [true, false]", message: "failed to compile namespace regex" },
];

/** On `spec.provider.aws.customSessionTags`. */
export const SESSION_TAG_RULES: readonly CelRule[] = [
  { rule: RESERVED_SESSION_TAGS.map((tag) => `!('${tag}' in self)`).join(" && "), message: TEXTS.reservedSessionTags },
];
