/** What is refused in a store, without a server. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type UncheckedSecretStore, validateSecretStore } from "../../api/validate-secret-store.ts";

const PROVIDER = { fake: { data: [] } };

type Spec = NonNullable<NonNullable<UncheckedSecretStore>["spec"]>;

function errorsOf(spec: Spec): readonly string[] {
  return validateSecretStore({ spec: { provider: PROVIDER, ...spec } });
}

test("a store must name exactly one backend", () => {
  assert.deepEqual(errorsOf({}), []);
  assert.deepEqual(validateSecretStore({}), ["secret stores must only have exactly one backend specified, found 0"]);
  assert.deepEqual(errorsOf({ provider: { fake: {}, aws: {}, vault: {} } }), [
    "secret stores must only have exactly one backend specified, found 3",
  ]);
});

test("each namespace regex that does not compile is named by its place, with Go's reason", () => {
  const conditions = [{ namespaceRegexes: ["^a$"] }, {}, { namespaceRegexes: ["\\pL+", "a(", "(?=b)"] }];
  assert.deepEqual(errorsOf({ conditions }), [
    "failed to compile 1th namespace regex in 2th condition: error parsing regexp: missing closing ): `a(`",
    "failed to compile 2th namespace regex in 2th condition: error parsing regexp: invalid or unsupported Perl syntax: `(?=`",
  ]);
});

test("refreshInterval is a duration or seconds, not negative; empty and 0 mean the default", () => {
  for (const refreshInterval of ["1h", "", "0", 0, 300, "-0s"]) assert.deepEqual(errorsOf({ refreshInterval }), []);
  assert.deepEqual(errorsOf({ refreshInterval: "5" }), ['invalid refreshInterval "5": not a duration such as 1h30m']);
  assert.deepEqual(errorsOf({ refreshInterval: "-1m" }), ['invalid refreshInterval "-1m": must not be negative']);
  assert.deepEqual(errorsOf({ refreshInterval: -5 }), ['invalid refreshInterval "-5": must not be negative']);
});

test("session tags that the controller sets itself may not be set", () => {
  const provider = { aws: { customSessionTags: { team: "a", esoNamespace: "b" } } };
  assert.match(errorsOf({ provider })[0] ?? "", /^customSessionTags cannot contain .*: esoNamespace, esoStoreName/);
});
