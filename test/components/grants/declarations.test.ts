import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type Input, type Output, output, unknown } from "@pulumi/pulumi";
import { GrantDeclarations, type ReadDeclaration } from "../../../components/grants/declarations.ts";
import { grantPlan } from "../../../components/grants/grant-plan.ts";
import { isKnown } from "../../../components/grants/known-output.ts";
import type { RemoteRead } from "../../../components/grants/remote-read.ts";
import { grantsOf, taggedRef } from "../../../components/grants/store-ref.ts";
import { settled } from "../recorded-resources.ts";

const key = (name: string): RemoteRead => ({ kind: "key", key: name });

function declaration(externalSecret: string, ...reads: RemoteRead[]): ReadDeclaration {
  return { externalSecret, namespace: undefined, reads: output(reads) as Output<readonly RemoteRead[]> };
}

test("reads that are declared in the same turn are collected", async () => {
  const declarations = new GrantDeclarations('AwsSecretStore "prod"');
  declarations.register(declaration("db", key("prod/db")));
  declarations.register(declaration("api", key("prod/api"), key("prod/db")));
  assert.deepEqual(await settled(declarations.reads), [
    { read: key("prod/db"), externalSecret: "db" },
    { read: key("prod/api"), externalSecret: "api" },
    { read: key("prod/db"), externalSecret: "api" },
  ]);
});

test("a read that is declared after the store was closed names the ExternalSecret, the store and the remedy", async () => {
  const declarations = new GrantDeclarations('AwsSecretStore "prod"');
  await nextTurn();
  assert.throws(() => declarations.register(declaration("db", key("prod/db"))), {
    message: /ExternalSecret "db" reads through AwsSecretStore "prod" after .* grants: \{ close: "explicit" \}/,
  });
});

test("a store that is closed explicitly collects across awaits, and not after", async () => {
  const declarations = new GrantDeclarations('AwsSecretStore "prod"', "explicit");
  await nextTurn();
  declarations.register(declaration("db", key("prod/db")));
  declarations.close();
  declarations.close();
  assert.deepEqual(await settled(declarations.reads), [{ read: key("prod/db"), externalSecret: "db" }]);
  assert.throws(() => declarations.register(declaration("late")), { message: /after the last ExternalSecret/ });
});

test("a tagged reference leads to its declarations, whole or by its name, and other values do not", () => {
  const declarations = new GrantDeclarations("store");
  const ref = taggedRef("SecretStore", output("prod"), declarations);
  assert.equal(grantsOf(ref), declarations);
  assert.equal(grantsOf({ kind: "SecretStore", name: ref.name }), declarations);
  assert.deepEqual(Object.keys(ref), ["kind", "name"]);
  for (const other of [undefined, null, "prod", { name: "prod" }, taggedRef("SecretStore", output("a"), undefined)]) {
    assert.equal(grantsOf(other), undefined);
  }
});

test("what is granted follows the reads, each once and in an order of its own, and additional reads", async () => {
  const declarations = new GrantDeclarations("store");
  const plan = grantPlan(declarations, { additional: ["prod/db", { kind: "find", path: "/old" }] });
  declarations.register(declaration("b", key("prod/db"), { kind: "key", key: "prod/db", property: "user" }));
  declarations.register(declaration("a", key("prod/api"), { kind: "key", key: "prod/db", metadata: true }));
  assert.deepEqual(await settled(plan.granted), [
    { kind: "find", path: "/old" },
    key("prod/api"),
    key("prod/db"),
    { kind: "key", key: "prod/db", metadata: true },
  ]);
  assert.deepEqual(await settled(plan.unusedGrants), ["find path /old"]);
  assert.deepEqual(await settled(plan.missingGrants), []);
});

test("a fixed list does not grow, and tells what is read beyond it and what nobody reads", async () => {
  const declarations = new GrantDeclarations("store");
  const plan = grantPlan(declarations, { secrets: ["arn:db", "unread"] }, (name) => name.replace("arn:", ""));
  declarations.register(declaration("a", key("db"), key("api"), { kind: "find", tags: { b: "2", a: "1" } }));
  assert.deepEqual(await settled(plan.granted), [key("arn:db"), key("unread")]);
  assert.deepEqual(await settled(plan.unusedGrants), ["unread"]);
  assert.deepEqual(await settled(plan.missingGrants), [
    'api (ExternalSecret "a")',
    'find tags a=1,b=2 (ExternalSecret "a")',
  ]);
});

test("a fixed list and additional reads together are refused", () => {
  const both = { secrets: ["a"], additional: ["b"] };
  assert.throws(() => grantPlan(new GrantDeclarations("store"), both), { message: /either additional or secrets/ });
});

test("of names of which one is unknown, the others are known, and so is what kind is missing", async () => {
  const declarations = new GrantDeclarations("store");
  const additional: Input<string>[] = ["old", output(Promise.resolve(unknown)) as Output<string>];
  const plan = grantPlan(declarations, { additional });
  declarations.register(declaration("db", key("prod/db")));
  declarations.register({ ...declaration("pending", unknown as RemoteRead), kind: "find" });
  assert.deepEqual(await settled(plan.known), {
    granted: [key("old"), key("prod/db")],
    pending: ["find", "any"],
  });
  assert.equal(await isKnown(plan.granted), false);
});

test("a fixed list is known whatever is read", async () => {
  const declarations = new GrantDeclarations("store");
  const plan = grantPlan(declarations, { secrets: ["b", "a"] });
  declarations.register(declaration("pending", unknown as RemoteRead));
  assert.deepEqual(await settled(plan.known), { granted: [key("a"), key("b")], pending: [] });
});
