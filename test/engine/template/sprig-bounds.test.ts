/** What functions may reach and use up, and what their errors may show. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { cryptoFunctions } from "../../../engine/template/crypto/index.ts";
import { functionMap } from "../../../engine/template/functions/index.ts";
import { sprigFunctions } from "../../../engine/template/functions/sprig.ts";
import { TemplateLimitExceeded } from "../../../engine/template/index.ts";
import { dataMap } from "./core-fixture.ts";
import { assertRenders, rendered } from "./sprig-fixture.ts";

test("there are ESO's 227 functions, each once, and none that reaches outside", () => {
  const functions = functionMap();
  const names = [...sprigFunctions().map(({ name }) => name), ...cryptoFunctions().keys()];
  assert.equal(functions.size, 227);
  assert.equal(new Set(names).size, names.length);
  for (const name of ["env", "expandenv", "getHostByName"]) assert.ok(!functions.has(name), name);
});

test("now and dates without a time are the clock's that was handed in", () => {
  assertRenders([
    ['{{ now.Format "2006-01-02T15:04:05.000" }} {{ now.Unix }}', "2024-05-06T07:08:09.500 1714979289"],
    ['{{ date "2006-01-02" "" }} {{ htmlDate nil }}', "2024-05-06 2024-05-06"],
    ["{{ ago (int64 1714979200) }} {{ ago 1714979200 }} {{ ago (now.Add -3600000000000) }}", "1m30s 1m30s 1h0m0s"],
    ["{{ durationRound (now.Add -90061000000000) }}", "1d"],
  ]);
});

test("random texts come from the bytes that were handed in, in the alphabet asked for", () => {
  for (const [name, alphabet] of [
    ["randAlphaNum", /^[0-9A-Za-z]{100}$/],
    ["randAlpha", /^[A-Za-z]{100}$/],
    ["randNumeric", /^[0-9]{100}$/],
    ["randAscii", /^[ -~]{100}$/],
  ] as const) {
    assert.match(rendered(`{{ ${name} 100 }}`), alphabet);
    assert.equal(rendered(`{{ ${name} -1 }}`), "");
  }
  assert.match(rendered("{{ uuidv4 }}"), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal([...rendered('{{ shuffle "abcdé" }}')].sort().join(""), "abcdé");
  assert.match(rendered("{{ randInt 5 8 }}"), /^[567]$/);
  assert.match(rendered("{{ randInt 5 5 }}"), /error calling randInt: invalid argument to Intn$/);
});

test("an error quotes an argument only if it is a literal of the template", () => {
  const data = dataMap({ secret: "canary^(" });
  for (const template of [
    "{{ fail .secret }}",
    '{{ fail (printf "%s" .secret) }}',
    '{{ mustToDate "2006" .secret }}',
    '{{ .secret | mustToDate "2006" }}',
    "{{ mustFromJson .secret }}",
    '{{ regexFind .secret "a" }}',
    '{{ mustRegexFind .secret "a" }}',
    '{{ urlParse (print "http://" .secret) }}',
    '{{ urlJoin (dict "userinfo" .secret) }}',
    '{{ semverCompare .secret "1" }}',
    "{{ semver .secret }}",
    "{{ mustDateModify .secret now }}",
    "{{ first .secret }}",
    '{{ dig .secret "x" 1 }}',
  ]) {
    const message = rendered(template, { data });
    assert.match(message, /error calling/, template);
    assert.ok(!message.includes("canary"), message);
  }
  assert.match(rendered('{{ mustToDate "2006" .secret }}', { data }), /parsing time "…" as "2006"/);
});

test("a function that would use up too much ends with the limit's error", () => {
  const doubling = "{{ $x := list 1 }}{{ range until 40 }}{{ $x = list $x $x }}{{ end }}";
  const itself = '{{ $d := dict }}{{ $_ := set $d "a" $d }}';
  for (const template of [
    '{{ repeat 1000000000 "x" }}',
    "{{ until 1000000000 }}",
    "{{ seq 9223372036854775807 }}",
    '{{ indent 1000000000 "x" }}',
    "{{ randAlphaNum 1000000000 }}",
    '{{ repeat 100000 "[" | fromJson }}',
    '{{ regexMatch (repeat 3000000 "a") "a" }}',
    `${doubling}{{ toJson $x }}`,
    `${doubling}{{ deepEqual $x (deepCopy $x) }}`,
    `${doubling}{{ toString $x }}`,
    `${itself}{{ toJson $d }}`,
    `${itself}{{ deepCopy $d }}`,
    `${itself}{{ merge $d $d }}`,
  ]) {
    assert.throws(() => rendered(template, { limits: { steps: 100_000 } }), TemplateLimitExceeded, template);
  }
});

test("names of object prototypes are keys like others", () => {
  assertRenders([
    ['{{ get (dict) "__proto__" | printf "%q" }} {{ hasKey (dict) "constructor" }}', '"" false'],
    ['{{ (dict "__proto__" 1 "constructor" 2) | toJson }}', '{"__proto__":1,"constructor":2}'],
    ['{{ (fromJson "{\\"__proto__\\":{\\"a\\":1}}").__proto__.a }}', "1"],
    ['{{ date "toString" 0 }}', "toString"],
  ]);
});
