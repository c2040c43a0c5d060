/** The property language: literal keys, gjson paths, values of JSON objects. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InvalidConfiguration, PropertyNotFound } from "../../providers/errors.ts";
import {
  byteValueOf,
  isJson,
  jsonMembers,
  jsonToSecretMap,
  queryJson,
  requireProperty,
  selectProperty,
} from "../../providers/property/index.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : new TextDecoder().decode(bytes));
const query = (json: string, path: string) => decode(queryJson(encode(json), path));

const FRIENDS = JSON.stringify({
  name: { first: "Tom", last: "Anderson" },
  "fav.movie": "Deer Hunter",
  friends: [
    { first: "Dale", last: "Murphy", age: 44, nets: ["ig", "fb"] },
    { first: "Roger", last: "Craig", age: 68, nets: ["fb"], close: true },
    { first: "Jane", last: "Murphy", age: 47, nets: ["tw"] },
  ],
});

describe("a gjson path", () => {
  const cases: readonly (readonly [path: string, expected: string | undefined])[] = [
    ["name.last", "Anderson"],
    ["fav\\.movie", "Deer Hunter"],
    ["friends.1.first", "Roger"],
    ["friends.9", undefined],
    ["n*.f?rst", "Tom"],
    ["friends.#", "3"],
    ["friends.#.first", '["Dale","Roger","Jane"]'],
    ['friends.#(last=="Murphy").first', "Dale"],
    ['friends.#(last=="Murphy")#.first', '["Dale","Jane"]'],
    ["friends.#(age>45)#.last", '["Craig","Murphy"]'],
    ['friends.#(first!%"D*").first', "Roger"],
    ['friends.#(nets.#(=="fb"))#.first', '["Dale","Roger"]'],
    ["friends.#(close==~true)#.first", '["Roger"]'],
    ["friends.#(age<0)#", "[]"],
    ["friends.#.age|@reverse", "[47,68,44]"],
    ["friends.#.nets|@flatten", '["ig","fb","fb","tw"]'],
    ["name|@keys", '["first","last"]'],
    ["name.@values", '["Tom","Anderson"]'],
    ['{name.first,"years":friends.0.age}', '{"first":"Tom","years":44}'],
    ["[name.first,friends.#]", '["Tom",3]'],
    ['{"fixed":!"yes",name.last}', '{"fixed":"yes","last":"Anderson"}'],
    ["@dig:close", "[true]"],
    ["name.first.@tostr|@fromstr", "Tom"],
    ["name.middle", undefined],
  ];
  for (const [path, expected] of cases) {
    it(`${path} finds ${expected ?? "nothing"}`, () => assert.equal(query(FRIENDS, path), expected));
  }

  it("keeps integers digit by digit and prints other numbers plain", () => {
    const json = '{"big":12345678901234567890,"dec":1.50,"tiny":1e-7,"huge":1e21}';
    assert.equal(query(json, "big"), "12345678901234567890");
    assert.equal(query(json, "dec"), "1.5");
    assert.equal(query(json, "tiny"), "0.0000001");
    assert.equal(query(json, "huge"), "1000000000000000000000");
  });

  it("gives containers as they are written", () => {
    assert.equal(query('{"a": { "n" : 1.50 } }', "a"), '{ "n" : 1.50 }');
  });

  it("tells null from absent", () => {
    assert.equal(query('{"a":null}', "a"), "");
    assert.equal(query('{"a":null}', "b"), undefined);
  });

  it("keeps bytes that are no UTF-8", () => {
    const value = Buffer.concat([Buffer.from('{"k":"'), Buffer.from([0xff, 0x80]), Buffer.from('"}')]);
    assert.deepEqual(queryJson(value, "k"), new Uint8Array([0xff, 0x80]));
  });

  it("finds nothing, and ends, on broken JSON and broken paths", () => {
    for (const json of ["", "{", '{"a":', "[1,", "plain", '{"a" 1 "b"}', "]", '"']) {
      for (const path of ["a", "0", "#(", "{", "@pretty:", "!", "a|", "#.#.#", "@flatten:{"]) query(json, path);
    }
    assert.equal(query("no json {}", "a"), undefined);
  });
});

describe("a property", () => {
  it("is a literal key before it is a path", () => {
    const value = encode('{"a.b":"dot","a":{"b":"nested"},"x*":"star","xy":"other"}');
    assert.equal(decode(selectProperty(value, "a.b")), "dot");
    assert.equal(decode(selectProperty(value, "a\\.b")), "dot");
    assert.equal(decode(selectProperty(value, "x*")), "star");
    assert.equal(decode(selectProperty(encode('{"a":{"b":"nested"}}'), "a.b")), "nested");
  });

  it("that is missing and a value that is no JSON give different messages without the value", () => {
    assert.throws(
      () => requireProperty(encode('{"canary":1}'), "app/db", "password"),
      (error: unknown) => {
        assert.ok(error instanceof PropertyNotFound);
        assert.equal(error.message, 'secret "app/db" has no property "password"');
        return true;
      },
    );
    assert.throws(
      () => requireProperty(encode("canary"), "app/db", "password"),
      (error: unknown) => {
        assert.ok(error instanceof PropertyNotFound);
        assert.match(error.message, /is not JSON/);
        assert.doesNotMatch(error.describe(), /canary/);
        return true;
      },
    );
    assert.equal(isJson(encode("[1]")), true);
    assert.equal(isJson(encode("{'a':1}")), false);
  });
});

describe("all keys of a JSON object", () => {
  it("are strings unquoted and everything else as written", () => {
    const map = jsonToSecretMap(encode('{"s":"x\\n","n": 1.50 ,"o":{ "a" : 1 },"z":null,"t":true,"é":"ü"}'));
    const shown = Object.fromEntries([...map].map(([key, bytes]) => [key, decode(bytes)]));
    assert.deepEqual(shown, { s: "x\n", n: "1.50", o: '{ "a" : 1 }', z: "", t: "true", é: "ü" });
  });

  it("cannot be had of anything else, and the error shows none of it", () => {
    const cases: readonly (readonly [string, RegExp])[] = [
      ["", /unexpected end of JSON input/],
      ['{"canary":', /unexpected end of JSON input/],
      ["[1]", /JSON array/],
      ['"canary"', /JSON scalar/],
      ["canary", /not valid JSON/],
    ];
    for (const [text, message] of cases) {
      assert.throws(
        () => jsonToSecretMap(encode(text), "k"),
        (error: unknown) => {
          assert.ok(error instanceof InvalidConfiguration);
          assert.match(error.message, message);
          assert.doesNotMatch(error.describe(), /canary/);
          return true;
        },
      );
    }
  });

  it("are written anew in Go's form where they are decoded first", () => {
    const [[, member] = []] = jsonMembers(encode('{"o":{"b":1.50,"a":["<x>", 1e21, 12345678901234567890]}}'));
    assert.ok(member !== undefined);
    const expected = '{"a":["\\u003cx\\u003e",1e+21,12345678901234567890],"b":1.5}';
    assert.equal(decode(byteValueOf(member, "plain")), expected);
  });
});
