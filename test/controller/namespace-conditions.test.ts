import assert from "node:assert/strict";
import { test } from "node:test";
import { isNamespaceAllowed, matchesSelector } from "../../controller/secret-store/namespace-conditions.ts";

test("a store without conditions is for all namespaces", () => {
  assert.ok(isNamespaceAllowed(undefined, "a", {}));
  assert.ok(isNamespaceAllowed([], "a", undefined));
});

test("any part of any condition permits a namespace", () => {
  const conditions = [
    { namespaces: ["a", "b"] },
    { namespaceSelector: { matchLabels: { team: "x" } }, namespaceRegexes: ["^dev-"] },
  ];
  assert.ok(isNamespaceAllowed(conditions, "b", {}));
  assert.ok(isNamespaceAllowed(conditions, "c", { team: "x" }));
  assert.ok(isNamespaceAllowed(conditions, "dev-1", {}));
  assert.ok(!isNamespaceAllowed(conditions, "c", { team: "y" }));
});

test("regular expressions are not anchored, and one that does not compile permits nothing", () => {
  assert.ok(isNamespaceAllowed([{ namespaceRegexes: ["prod"] }], "my-production", {}));
  assert.ok(!isNamespaceAllowed([{ namespaceRegexes: ["^prod$"] }], "my-production", {}));
  assert.ok(!isNamespaceAllowed([{ namespaceRegexes: ["("] }], "(", {}));
});

test("without the namespace's labels no selector matches", () => {
  assert.ok(!isNamespaceAllowed([{ namespaceSelector: {} }], "a", undefined));
  assert.ok(isNamespaceAllowed([{ namespaceSelector: {} }], "a", {}));
});

test("all requirements of a selector must hold", () => {
  const labels = { env: "prod", team: "x" };
  const holds = (key: string, operator: string, values: string[] = []) =>
    matchesSelector({ matchExpressions: [{ key, operator, values }] }, labels);
  assert.ok(holds("env", "In", ["prod", "dev"]) && !holds("env", "In", ["dev"]) && !holds("none", "In", ["x"]));
  assert.ok(holds("env", "NotIn", ["dev"]) && !holds("env", "NotIn", ["prod"]) && holds("none", "NotIn", ["x"]));
  assert.ok(holds("env", "Exists") && !holds("none", "Exists"));
  assert.ok(holds("none", "DoesNotExist") && !holds("env", "DoesNotExist"));
  assert.ok(!holds("env", "Greater"));
  assert.ok(!matchesSelector({ matchLabels: { env: "prod", team: "y" } }, labels));
});
