import assert from "node:assert/strict";
import { test } from "node:test";
import { literalPatterns } from "../../../components/grants/literal-patterns.ts";

/** Prefixes with a star, names without. */
const patternsOf = (expression: string) =>
  literalPatterns(expression).map(({ text, isExact }) => (isExact ? text : `${text}*`));

const cases: readonly (readonly [expression: string, patterns: readonly string[]])[] = [
  ["^prod/", ["prod/*"]],
  ["^prod/db$", ["prod/db"]],
  ["^prod/db\\.main$", ["prod/db.main"]],
  ["^prod/.*$", ["prod/*"]],
  ["^prod-?x", ["prod*"]],
  ["^prod+$", ["prod*"]],
  ["^ab{2,3}c", ["a*"]],
  ["^a*b", ["*"]],
  ["^(db|api)-key$", ["api-key", "db-key"]],
  ["^team-(?:a|b/)[a-z]+$", ["team-a*", "team-b/*"]],
  ["^(?P<team>a|b)?x", ["*"]],
  ["^a$|^b", ["a", "b*"]],
  ["^ab|^a", ["a*"]],
  ["^a$|^a", ["a*"]],
  ["^price\\$", ["price$*"]],
  ["^(a$|b)c$", ["ac", "bc"]],
  ["^x[]a]y", ["x*"]],
  ["^x[[:alpha:]]y|^z", ["x*", "z*"]],
  // Whatever does not begin with ^ may match in the middle of a name.
  ["prod", ["*"]],
  ["^a|b", ["*"]],
  ["(^a)", ["*"]],
  ["", ["*"]],
  // Case is ignored, or it cannot be read.
  ["(?i)^prod", ["*"]],
  ["^a(?i)b", ["a*"]],
  ["^(?i:a)", ["*"]],
  ["^\\Qa|b\\E", ["*"]],
  ["^a(b", ["*"]],
  ["^a)b", ["*"]],
  ["^a[b", ["*"]],
  ["^a\\", ["*"]],
];

for (const [expression, patterns] of cases) {
  test(`the expression "${expression}" pins down ${patterns.join(" and ")}`, () => {
    assert.deepEqual(patternsOf(expression), patterns);
  });
}

test("more alternatives than a policy has room for give their common beginning", () => {
  const names = Array.from({ length: 40 }, (_, index) => `${index}`).join("|");
  assert.deepEqual(patternsOf(`^team-(${names})$`), ["team-*"]);
});
