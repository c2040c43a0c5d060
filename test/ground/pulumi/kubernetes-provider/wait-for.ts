/** The annotation `pulumi.com/waitFor`: one or several expressions that an object must fulfil to count as ready. */
import { parseJsonPath } from "./json-path.ts";
import { type Properties, propertiesAt } from "./property-values.ts";
import { conditionOf, conditionsOf, describeCondition } from "./status-conditions.ts";

/**
 * What of the annotation is not fulfilled, said for people; empty when all is.
 * @throws for an expression with neither `condition=` nor `jsonpath=` in front.
 */
export function unfulfilledExpressions(object: Properties, annotation: string): string[] {
  return expressionsOf(annotation).flatMap((expression) => {
    if (expression.startsWith("condition=")) return unfulfilledCondition(object, expression.slice("condition=".length));
    if (expression.startsWith("jsonpath=")) return unfulfilledPath(object, expression.slice("jsonpath=".length));
    throw new Error(
      `pulumi.com/waitFor: expected a "jsonpath=" or "condition=" prefix, got ${JSON.stringify(expression)}`,
    );
  });
}

function expressionsOf(annotation: string): readonly string[] {
  if (!annotation.trimStart().startsWith("[")) return [annotation];
  const expressions: unknown = JSON.parse(annotation);
  if (!Array.isArray(expressions) || expressions.length === 0) {
    throw new Error("pulumi.com/waitFor: at least one expression must be given");
  }
  return expressions.map(String);
}

function unfulfilledCondition(object: Properties, expression: string): string[] {
  const [type = "", wanted = "True"] = expression.split("=");
  const condition = conditionOf(object, type);
  const { generation } = propertiesAt(object, "metadata");
  const observed = condition?.observedGeneration ?? propertiesAt(object, "status").observedGeneration;
  if (typeof generation === "number" && typeof observed === "number" && observed < generation) {
    return [`Generation ${observed} is less than expected ${generation}`];
  }
  if (condition !== undefined && condition.status.toLowerCase() === wanted.toLowerCase()) return [];
  const seen = condition === undefined ? "no such condition yet" : describeCondition(condition);
  return [`Waiting for condition ${type}=${wanted}; ${seen}`];
}

function unfulfilledPath(object: Properties, expression: string): string[] {
  const end = expression.lastIndexOf("}");
  const path = parseJsonPath(end < 0 ? expression : expression.slice(0, end + 1));
  const rest = end < 0 ? "" : expression.slice(end + 1);
  const found = path.find(object);
  const isFulfilled = rest.startsWith("=")
    ? found.some((value) => String(value) === unquoted(rest.slice(1)))
    : found.length > 0;
  if (isFulfilled) return [];
  const conditions = conditionsOf(object).map(describeCondition).join("; ");
  return [`Waiting for ${expression}${conditions && `; ${conditions}`}`];
}

function unquoted(text: string): string {
  return text.replace(/^(["'])(.*)\1$/, "$2");
}
