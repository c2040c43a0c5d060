import assert from "node:assert/strict";
import { test } from "node:test";
import type { FindRead, RemoteRead } from "../../../components/grants/remote-read.ts";
import {
  broadFinds,
  canonicalVaultKey,
  type KvPlace,
  policyText,
  readRules,
} from "../../../components/vault/read-rules.ts";
import { isPermitted } from "./policy-evaluator.ts";

const v2: KvPlace = { mount: "secret", version: "v2" };
const v1: KvPlace = { mount: "kv", version: "v1" };
const key = (name: string): RemoteRead => ({ kind: "key", key: name });
const find = (parts: Omit<FindRead, "kind">): FindRead => ({ kind: "find", ...parts });

function policyOf(place: KvPlace, ...reads: RemoteRead[]) {
  const policy = policyText(readRules(place, reads));
  return {
    reads: (...paths: string[]) => paths.every((path) => isPermitted(policy, "read", path)),
    lists: (...paths: string[]) => paths.every((path) => isPermitted(policy, "list", path)),
    refuses: (...paths: string[]) =>
      paths.every((path) => !isPermitted(policy, "read", path) && !isPermitted(policy, "list", path)),
  };
}

test("a policy is decided by its most specific path alone", () => {
  const text = (path: string, ...capabilities: string[]) =>
    `path "${path}" {\n capabilities = ${JSON.stringify(capabilities)}\n}\n`;
  const policy = text("a/*", "read", "list") + text("a/b*", "list") + text("a/+/c", "read") + text("a/x", "deny");
  assert.ok(isPermitted(policy, "read", "a/z/y") && isPermitted(policy, "read", "a/q/c"));
  assert.ok(!isPermitted(policy, "read", "a/bb") && !isPermitted(policy, "read", "a/x"));
  assert.ok(!isPermitted(policy, "read", "b"));
});

test("a secret may be read, and none beside it", () => {
  const { reads, refuses } = policyOf(v2, key("prod/db"));
  assert.ok(reads("secret/data/prod/db"));
  assert.ok(refuses("secret/data/prod/db2", "secret/data/prod", "secret/data/prod/db/x", "secret/metadata/prod/db"));
  const old = policyOf(v1, key("prod/db"));
  assert.ok(old.reads("kv/prod/db") && old.refuses("kv/prod/db2", "kv/prod/", "kv/data/prod/db"));
});

test("the spellings of a key grant one path, and are one key", () => {
  const spellings = ["prod/db", "/prod/db", "secret/prod/db", "secret/data/prod/db"];
  for (const spelling of spellings) {
    assert.deepEqual(
      readRules(v2, [key(spelling)]).map(({ path }) => path),
      ["secret/data/prod/db"],
      spelling,
    );
    assert.equal(canonicalVaultKey(v2)(spelling), "prod/db");
  }
  const noMount: KvPlace = { mount: undefined, version: "v2" };
  assert.equal(readRules(noMount, [key("team/prod/db")])[0]?.path, "team/data/prod/db");
  assert.equal(readRules(noMount, [key("a/b/data/db")])[0]?.path, "a/b/data/db");
});

test("reading custom metadata does not allow to read values", () => {
  const { reads, refuses } = policyOf(v2, { kind: "key", key: "prod/db", metadata: true });
  assert.ok(reads("secret/metadata/prod/db") && refuses("secret/data/prod/db"));
});

test("a search lists its folder and reads what the expression pins down", () => {
  const { reads, lists, refuses } = policyOf(v2, find({ path: "prod", name: "^prod/db" }));
  assert.ok(lists("secret/metadata/prod/", "secret/metadata/prod/a/b/"));
  assert.ok(reads("secret/data/prod/db", "secret/data/prod/db/main"));
  assert.ok(refuses("secret/data/prod/api", "secret/metadata/", "secret/metadata/staging/", "secret/data/production"));
  const whole = policyOf(v1, find({ path: "prod/" }));
  assert.ok(whole.lists("kv/prod/") && whole.reads("kv/prod/a/b") && whole.refuses("kv/staging/a", "kv/"));
});

test("a search by tags reads custom metadata, too", () => {
  const { reads, refuses } = policyOf(v2, find({ path: "prod", tags: { team: "a" } }));
  assert.ok(reads("secret/metadata/prod/x", "secret/data/prod/x") && refuses("secret/metadata/staging/x"));
});

test("a narrower rule keeps what a wider one allows", () => {
  const { reads, lists } = policyOf(
    v2,
    find({ path: "a" }),
    { kind: "key", key: "a/b", metadata: true },
    { kind: "key", key: "a", metadata: true },
  );
  assert.ok(reads("secret/metadata/a/b", "secret/metadata/a"));
  assert.ok(lists("secret/metadata/a/", "secret/metadata/a/b/"));
});

test("keys that no policy can name are refused", () => {
  for (const wrong of ["prod/*", "prod/+/db", "prod/{{x}}", `prod/\${x}`]) {
    assert.throws(() => readRules(v2, [key(wrong)]), { message: /no policy of Vault can name/ }, wrong);
  }
});

test("searches that grant more than they find are told", () => {
  const told = broadFinds([find({ name: "^a" }), find({ name: "a" }), find({ path: "x", tags: { a: "b" } })]);
  assert.deepEqual(
    told.map((sentence) => sentence.split(" grants ")[1]?.slice(0, 12)),
    ["every secret", "secrets with"],
  );
});
