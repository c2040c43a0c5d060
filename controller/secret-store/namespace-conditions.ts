/** Which namespaces may use a ClusterSecretStore. */
import { RE2JS } from "re2js";
import type { StoreCondition } from "../../api/secret-store.ts";
import type { LabelSelector } from "../../api/selectors.ts";

type Labels = Readonly<Record<string, string>>;
type Requirement = NonNullable<LabelSelector["matchExpressions"]>[number];

/**
 * Whether any condition permits the namespace; a store without conditions permits all. Regular expressions are RE2 and not
 * anchored, as in ESO; one that does not compile permits nothing.
 * @param labels of the namespace; unset where they are not known: then no selector matches.
 */
export function isNamespaceAllowed(
  conditions: readonly StoreCondition[] | undefined,
  namespace: string,
  labels: Labels | undefined,
): boolean {
  if (conditions === undefined || conditions.length === 0) return true;
  return conditions.some(
    ({ namespaceSelector, namespaces = [], namespaceRegexes = [] }) =>
      (namespaceSelector !== undefined && labels !== undefined && matchesSelector(namespaceSelector, labels)) ||
      namespaces.includes(namespace) ||
      namespaceRegexes.some((expression) => isFound(expression, namespace)),
  );
}

/** Kubernetes' label selector: all parts must hold; an empty one holds always, an unknown operator never. */
export function matchesSelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every((requirement) => isMet(requirement, labels))
  );
}

function isMet({ key, operator, values = [] }: Requirement, labels: Labels): boolean {
  const value = labels[key];
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}

function isFound(expression: string, text: string): boolean {
  try {
    return RE2JS.compile(expression).matcher(text).find();
  } catch {
    // The store's own condition says so already: it is validated before it is used.
    return false;
  }
}
