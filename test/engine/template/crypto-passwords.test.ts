import assert from "node:assert/strict";
import { test } from "node:test";
import { bcryptHash } from "../../../engine/template/crypto/bcrypt.ts";
import { GoNumber, type GoValue } from "../../../engine/template/go-value.ts";
import { text } from "./crypto-call.ts";

test("bcrypt gives the published hashes", () => {
  const salt = Buffer.from("10410410410410410410410410410410", "hex");
  const vectors = new Map([
    ["", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"],
    ["U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"],
    ["U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK"],
  ]);
  for (const [password, expected] of vectors) assert.equal(bcryptHash(Buffer.from(password), salt, 5), expected);
});

test("bcrypt has a cost of 10 and a salt of its own each time", () => {
  const hash = text("bcrypt", "password");
  assert.match(hash, /^\$2a\$10\$[./A-Za-z0-9]{53}$/);
  assert.notEqual(hash, text("bcrypt", "password"));
});

test("a password of more than 72 bytes is told in the value, as sprig tells it", () => {
  const message = "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes";
  assert.equal(text("bcrypt", "x".repeat(73)), message);
  assert.equal(text("htpasswd", "user", "x".repeat(73), "bcrypt"), `user:${message}`);
});

test("htpasswd hashes with SHA-1 for sha and with bcrypt for anything else", () => {
  assert.equal(text("htpasswd", "foo1", "FZ4jR;l]ON;pHKi=_'zh79P", "sha"), "foo1:{SHA}wtdJD6OIjUniEJkTlewnKzfFxA4=");
  for (const algorithm of ["bcrypt", "", "md5"]) assert.match(text("htpasswd", "u", "p", algorithm), /^u:\$2a\$10\$/);
  assert.equal(text("htpasswd", "u:x", "p", "sha"), "invalid username: u:x");
});

const counter = (value: number): GoValue => new GoNumber("uint32", BigInt(value));

test("derivePassword gives sprig's passwords of every type", () => {
  const expected = new Map([
    ["maximum", "v9HfaHc!ArPVX%i&Lp1-"],
    ["long", "HatcPaleBebd4~"],
    ["medium", "HatCet6#"],
    ["short", "Hat6"],
    ["basic", "vxH61HNy"],
    ["pin", "7556"],
  ]);
  for (const [type, password] of expected) {
    assert.equal(text("derivePassword", counter(1), type, "pass\xff", "user", "example.com"), password);
  }
  assert.equal(text("derivePassword", counter(0xffffffff), "maximum", "", "", ""), "YZa$8V%jqRFYqe6Jm22?");
  assert.equal(text("derivePassword", counter(1), "huge", "", "", ""), "cannot find password template huge");
});
