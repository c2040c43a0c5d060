import assert from "node:assert/strict";
import { test } from "node:test";
import { noWildcardFind } from "../../../components/policies/no-wildcard-find.ts";
import { violations } from "./violations.ts";

const finding = (find: unknown, namespace = "team-a") => ({
  metadata: { name: "all", namespace },
  spec: { secretStoreRef: { name: "store" }, dataFrom: [{ extract: { key: "a" } }, { find }] },
});

test("a find that takes everything is refused in production, with the object, the field and the remedy", async () => {
  const [message, ...more] = await violations(noWildcardFind(), { props: finding({ name: { regexp: ".*" } }) });
  assert.equal(
    message,
    'ExternalSecret team-a/all (resource "resource"): spec.dataFrom[1].find takes every secret of its store, in production (stack prod). Set name.regexp to an expression such as ^team-a/, or path or tags.',
  );
  assert.deepEqual(more, []);
});

test("every way to write everything is seen", async () => {
  const everything = ["", ".*", ".+", "^.*$", "^", "$", "(.*)", "[\\s\\S]*", "(?s).*", ".", "\\S+", "a|.*", "^.{1,}"];
  for (const regexp of everything) {
    assert.equal((await violations(noWildcardFind(), { props: finding({ name: { regexp } }) })).length, 1, regexp);
  }
  for (const find of [{}, { path: "/" }, { path: "" }, { tags: {} }, { name: {} }]) {
    assert.equal((await violations(noWildcardFind(), { props: finding(find) })).length, 1, JSON.stringify(find));
  }
});

test("a find with a restriction is allowed, and one whose expression is wrong is left to the controller", async () => {
  const restricted = ["^team-a/", "db", "^[a-z]+$", "(prod|test)-key", "["].map((regexp) => ({ name: { regexp } }));
  for (const find of [...restricted, { path: "team-a" }, { tags: { team: "a" } }]) {
    assert.deepEqual(await violations(noWildcardFind(), { props: finding(find) }), [], JSON.stringify(find));
  }
});

test("a ClusterExternalSecret's find is judged in its own place", async () => {
  const props = { metadata: { name: "all" }, spec: { externalSecretSpec: { dataFrom: [{ find: {} }] } } };
  const [message] = await violations(noWildcardFind(), { kind: "ClusterExternalSecret", props });
  assert.match(message ?? "", /^ClusterExternalSecret all .*: spec\.externalSecretSpec\.dataFrom\[0\]\.find takes/);
});

test("stack, namespace and stack tag each make a resource production, and nothing else does", async () => {
  const judge = (stack: string, namespace?: string, stackTags = {}) =>
    violations(noWildcardFind(), { props: finding({}, namespace), stack, stackTags });
  for (const stack of ["prod", "production", "prod-eu", "eu-prod"]) assert.equal((await judge(stack)).length, 1, stack);
  for (const stack of ["dev", "product", "reproduce"]) assert.deepEqual(await judge(stack), [], stack);
  assert.match((await judge("dev", "prod-payments"))[0] ?? "", /\(namespace prod-payments\)/);
  assert.match((await judge("dev", "a", { environment: "production" }))[0] ?? "", /\(stack tag environment\)/);
  assert.deepEqual(await judge("dev", "a", { environment: "test" }), []);
});

test("the pack's configuration goes before the options, and its schema shows them as defaults", async () => {
  const policy = noWildcardFind({ stacks: ["live-*"], enforcementLevel: "advisory" });
  assert.equal(policy.enforcementLevel, "advisory");
  assert.deepEqual(policy.configSchema?.properties.stacks?.default, ["live-*"]);
  assert.deepEqual(policy.configSchema?.properties.exempt?.default, []);
  assert.equal((await violations(policy, { props: finding({}), stack: "live-1" })).length, 1);
  assert.deepEqual(await violations(policy, { props: finding({}), stack: "prod" }), []);
  const config = { stacks: ["qa"] };
  assert.equal((await violations(policy, { props: finding({}), stack: "qa", config })).length, 1);
  assert.deepEqual(await violations(policy, { props: finding({}), stack: "live-1", config }), []);
});

test("exempt resources, other kinds and other groups are not judged", async () => {
  const props = finding({});
  assert.deepEqual(await violations(noWildcardFind({ exempt: ["legacy-*"] }), { props, name: "legacy-all" }), []);
  assert.deepEqual(await violations(noWildcardFind(), { props, kind: "PushSecret" }), []);
  assert.deepEqual(await violations(noWildcardFind(), { props, apiVersion: "example.com/v1" }), []);
});
