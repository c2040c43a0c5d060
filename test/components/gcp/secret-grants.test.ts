import assert from "node:assert/strict";
import { test } from "node:test";
import { googleAccountId, providerName } from "../../../components/gcp/google-names.ts";
import { prefixCondition, secretManagerGrants } from "../../../components/gcp/secret-grants.ts";

const rules = { listsVersions: false };

test("a key that no secret can have is refused with what to write", () => {
  for (const key of ["projects/p/secrets/db", "db.password", ""]) {
    assert.throws(() => secretManagerGrants([{ kind: "key", key }], rules), {
      message: /names no secret of Google Secret Manager: write its id/,
    });
  }
});

test("prefixes that others cover are left out, and too many become what they have in common", () => {
  const find = (path: string) => ({ kind: "find", path }) as const;
  assert.deepEqual(secretManagerGrants([find("a-b"), find("a-"), find("c")], rules).prefixes, ["a-", "c"]);
  const many = Array.from({ length: 11 }, (_, index) => find(`team-${index}-`));
  assert.deepEqual(secretManagerGrants(many, rules).prefixes, ["team-"]);
});

test("a path and an expression that exclude each other find nothing, and nothing is granted but the list", () => {
  const grants = secretManagerGrants([{ kind: "find", path: "a", name: "^b" }], rules);
  assert.deepEqual([grants.prefixes, grants.secrets, grants.lists, grants.warnings], [[], [], true, []]);
});

test("text in a condition cannot end it", () => {
  const expression = prefixCondition("projects/1", ['a") || true || ("']);
  assert.equal(expression, 'resource.name.startsWith("projects/1/secrets/a\\") || true || (\\"")');
});

test("ids of service accounts are what Google takes, and differ for different names", () => {
  const names = ["prod", "Prod", "a-very-long-name-of-a-component-that-goes-on", "9-lives", "---", "prod-reader"];
  const ids = names.map(googleAccountId);
  for (const id of ids) assert.match(id, /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
  assert.equal(new Set(ids).size, names.length);
  assert.equal(googleAccountId("prod-reader"), "prod-reader");
});

test("a provider is taken with and without Google's host, and anything else is refused with its form", () => {
  const name = "projects/9/locations/global/workloadIdentityPools/pool/providers/cluster";
  for (const given of [name, `//iam.googleapis.com/${name}`, `https://iam.googleapis.com/${name}`]) {
    assert.equal(providerName(given), name);
  }
  assert.throws(() => providerName("pool/cluster"), { message: /It looks like projects\/NUMBER/ });
});
