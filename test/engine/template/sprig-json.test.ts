/** Sprig's functions of JSON. */

import { test } from "node:test";
import { assertRenders } from "./sprig-fixture.ts";

test("values are written as Go writes them", () => {
  assertRenders([
    [
      '{{ list 1 1.5 1e21 1e-7 1000000.0 "a" true nil (until 2) (rest (list)) (list) (dict) | toJson }}',
      '[1,1.5,1e+21,1e-7,1000000,"a",true,null,[0,1],null,[],{}]',
    ],
    [
      '{{ dict "b" 1 "a" "é<&>\\u2028\\x01\\b\\t" "Z" (int64 5) | toJson }}',
      '{"Z":5,"a":"é\\u003c\\u0026\\u003e\\u2028\\u0001\\b\\t","b":1}',
    ],
    [
      '{{ toRawJson "<&>\\u2028" }} {{ toJson "\\xff\\x7f" }} {{ toJson (toDate "2006-01-02" "2020-02-03") }} {{ toJson (semver "1.2") }}',
      '"<&>\\u2028" "\\ufffd" "2020-02-03T00:00:00Z" "1.2.0"',
    ],
    [
      '{{ toPrettyJson (dict "a" (list 1 (dict)) "b" (list) "c" (dict "d" nil)) }}',
      '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": [],\n  "c": {\n    "d": null\n  }\n}',
    ],
  ]);
});

test("values that JSON has not are an empty text or an error", () => {
  assertRenders([
    ['{{ toJson (float64 "nan") | printf "%q" }}', '""'],
    [
      '{{ mustToJson (float64 "inf") }}',
      'template: tpl:1:3: executing "tpl" at <mustToJson (float64 "inf")>: error calling mustToJson: json: unsupported value: +Inf',
    ],
    [
      '{{ mustToRawJson (list (float64 "nan")) }}',
      'template: tpl:1:3: executing "tpl" at <mustToRawJson (list (float64 "nan"))>: error calling mustToRawJson: json: unsupported value: NaN',
    ],
  ]);
});

test("texts are read with float64 for each number", () => {
  assertRenders([
    [
      '{{ $j := fromJson "{\\"n\\":1000000,\\"f\\":1.5,\\"s\\":\\"\\\\u00e9\\\\ud83d\\\\ude00\\\\ud800\\",\\"a\\":[1,null,true]}" }}{{ $j }} {{ typeOf $j.n }} {{ typeOf $j.a }}',
      "map[a:[1 <nil> true] f:1.5 n:1e+06 s:é😀�] float64 []interface {}",
    ],
    [
      '{{ fromJson "{\\"a\\":1,\\"a\\":2}" }} {{ fromJson " \\"x\\" " }} {{ fromJson "{bad" }} {{ fromJson "" }} {{ fromJson "12345678901234567890" }} {{ fromJson "\\"\\xff\\"" | printf "%q" }} {{ fromJson "[1e999,2]" }}',
      'map[a:2] x <no value> <no value> 1.2345678901234567e+19 "�" [<nil> 2]',
    ],
  ]);
});

test("mustFromJson says what is wrong", () => {
  assertRenders([
    [
      '{{ mustFromJson "" }}',
      'template: tpl:1:3: executing "tpl" at <mustFromJson "">: error calling mustFromJson: unexpected end of JSON input',
    ],
    [
      '{{ mustFromJson "{x" }}',
      'template: tpl:1:3: executing "tpl" at <mustFromJson "{x">: error calling mustFromJson: invalid character \'x\' looking for beginning of object key string',
    ],
    [
      '{{ mustFromJson "[1," }}',
      'template: tpl:1:3: executing "tpl" at <mustFromJson "[1,">: error calling mustFromJson: unexpected end of JSON input',
    ],
    [
      '{{ mustFromJson "[1 2]" }}',
      'template: tpl:1:3: executing "tpl" at <mustFromJson "[1 2]">: error calling mustFromJson: invalid character \'2\' after array element',
    ],
    [
      '{{ mustFromJson "{\\"a\\" 1}" }}',
      'template: tpl:1:3: executing "tpl" at <mustFromJson "{\\"a\\" 1}">: error calling mustFromJson: invalid character \'1\' after object key',
    ],
    [
      '{{ mustFromJson "{\\"a\\":1,}" }}',
      'template: tpl:1:3: executing "tpl" at <mustFromJson "{\\"a\\":1,}">: error calling mustFromJson: invalid character \'}\' looking for beginning of object key string',
    ],
    [
      '{{ mustFromJson "nul" }}',
      "template: tpl:1:3: executing \"tpl\" at <mustFromJson \"nul\">: error calling mustFromJson: invalid character ' ' in literal null (expecting 'l')",
    ],
    [
      '{{ mustFromJson "nulx" }}',
      "template: tpl:1:3: executing \"tpl\" at <mustFromJson \"nulx\">: error calling mustFromJson: invalid character 'x' in literal null (expecting 'l')",
    ],
    [
      '{{ mustFromJson "-" }}',
      'template: tpl:1:3: executing "tpl" at <mustFromJson "-">: error calling mustFromJson: invalid character \' \' in numeric literal',
    ],
    [
      '{{ mustFromJson "01" }}',
      'template: tpl:1:3: executing "tpl" at <mustFromJson "01">: error calling mustFromJson: invalid character \'1\' after top-level value',
    ],
    [
      '{{ mustFromJson "1." }}',
      'template: tpl:1:3: executing "tpl" at <mustFromJson "1.">: error calling mustFromJson: invalid character \' \' after decimal point in numeric literal',
    ],
    [
      '{{ mustFromJson "1ex" }}',
      'template: tpl:1:3: executing "tpl" at <mustFromJson "1ex">: error calling mustFromJson: invalid character \'x\' in exponent of numeric literal',
    ],
    [
      '{{ mustFromJson "\\"\\\\x\\"" }}',
      'template: tpl:1:3: executing "tpl" at <mustFromJson "\\"\\\\x\\"">: error calling mustFromJson: invalid character \'x\' in string escape code',
    ],
    [
      '{{ mustFromJson "\\"\\\\u12g\\"" }}',
      'template: tpl:1:3: executing "tpl" at <mustFromJson "\\"\\\\u12g\\"">: error calling mustFromJson: invalid character \'g\' in \\u hexadecimal character escape',
    ],
    [
      '{{ mustFromJson "\\"a\\nb\\"" }}',
      'template: tpl:1:3: executing "tpl" at <mustFromJson "\\"a\\nb\\"">: error calling mustFromJson: invalid character \'\\n\' in string literal',
    ],
    [
      '{{ mustFromJson "1 2" }}',
      'template: tpl:1:3: executing "tpl" at <mustFromJson "1 2">: error calling mustFromJson: invalid character \'2\' after top-level value',
    ],
    [
      '{{ mustFromJson "1e999" }}',
      'template: tpl:1:3: executing "tpl" at <mustFromJson "1e999">: error calling mustFromJson: json: cannot unmarshal number 1e999 into Go value of type float64',
    ],
    [
      '{{ mustFromJson "\'" }}',
      "template: tpl:1:3: executing \"tpl\" at <mustFromJson \"'\">: error calling mustFromJson: invalid character '\\'' looking for beginning of value",
    ],
  ]);
});
