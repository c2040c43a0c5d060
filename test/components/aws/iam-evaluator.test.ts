import assert from "node:assert/strict";
import { test } from "node:test";
import { isAllowed } from "./iam-evaluator.ts";

const document = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const allow = (Action: string, Resource: string, Condition?: object) => ({
  ...{ Effect: "Allow", Action, Resource },
  ...(Condition === undefined ? {} : { Condition }),
});
const get = (resource: string, context: Record<string, string> = {}) => ({ action: "s:Get", resource, context });

test("what nothing allows is denied, and a deny wins over an allow", () => {
  const all = allow("s:*", "*");
  assert.equal(isAllowed([], get("a")), false);
  assert.equal(isAllowed([document(all)], get("a")), true);
  assert.equal(isAllowed([document(all), document({ ...all, Effect: "Deny", Resource: "a" })], get("a")), false);
});

test("wildcards are characters of IAM, escapes are themselves, actions have no case", () => {
  assert.equal(isAllowed([document(allow("S:gEt", "arn:a/*-??"))], get("arn:a/b/c-12")), true);
  assert.equal(isAllowed([document(allow("s:Get", "arn:a/*-??"))], get("arn:a/b-123")), false);
  assert.equal(isAllowed([document(allow("s:Get", "a.c"))], get("abc")), false);
  assert.equal(isAllowed([document(allow("s:Get", `a\${*}`))], get("abc")), false);
  assert.equal(isAllowed([document(allow("s:Get", `a\${*}`))], get("a*")), true);
  assert.equal(isAllowed([document(allow("s:Get", `a/\${aws:user}`))], get("a/me", { "aws:user": "me" })), true);
});

test("conditions hold for the keys of the request, and a key that is not there fails them", () => {
  const equal = document(allow("s:Get", "*", { StringEquals: { "aws:ResourceTag/team": ["a", "b"] } }));
  assert.equal(isAllowed([equal], get("x", { "aws:ResourceTag/team": "b" })), true);
  assert.equal(isAllowed([equal], get("x", { "aws:ResourceTag/team": "c" })), false);
  assert.equal(isAllowed([equal], get("x")), false);
  assert.equal(isAllowed([document(allow("s:Get", "*", { StringLike: { k: "a*" } }))], get("x", { k: "abc" })), true);
  assert.equal(isAllowed([document(allow("s:Get", "*", { StringNotEquals: { k: "a" } }))], get("x")), true);
  assert.throws(() => isAllowed([document(allow("s:Get", "*", { IpAddress: { k: "a" } }))], get("x")));
});

test("documents that IAM refuses are refused", () => {
  assert.throws(() => isAllowed([document()], get("a")), { message: /no statement/ });
  assert.throws(() => isAllowed([document({ Effect: "Allow", Action: ["a:b"], Resource: [] })], get("a")));
});
