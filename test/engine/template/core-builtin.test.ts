/** The built-in functions, with Go's rules and messages. */

import { test } from "node:test";
import { assertOutcomes } from "./core-fixture.ts";

test("eq compares basic kinds and stops at the first equal value", () => {
  assertOutcomes([
    [
      '{{eq 1 1}} {{eq 1 2 1}} {{eq "a" "a"}} {{eq 1.0 1.0}} {{eq true true}} {{eq 1i 1i}}',
      "true true true true true true",
    ],
    [
      "{{eq (u8 1) 1}} {{eq -1 (u8 255)}} {{eq nil nilv}} {{eq nil 1}} {{eq (list) nil}} {{eq (s) (s)}}",
      "true false true false false true",
    ],
    [
      "{{eq 1 1.0}}",
      'template: tpl:1:2: executing "tpl" at <eq 1 1.0>: error calling eq: incompatible types for comparison: int and float64',
    ],
    ["{{eq 1}}", 'template: tpl:1:2: executing "tpl" at <eq 1>: error calling eq: missing argument for comparison'],
    [
      '{{eq "a" 1}}',
      'template: tpl:1:2: executing "tpl" at <eq "a" 1>: error calling eq: incompatible types for comparison: string and int',
    ],
    ['{{ne 1 2}} {{ne "a" "a"}}', "true false"],
  ]);
});

test("lt, le, gt and ge order numbers and strings", () => {
  assertOutcomes([
    [
      '{{lt 1 2}} {{le 2 2}} {{gt 2 1}} {{ge 1 2}} {{lt "a" "b"}} {{lt 1.5 2.5}} {{lt -1 (u8 5)}}',
      "true true true false true true true",
    ],
    [
      "{{lt true false}}",
      'template: tpl:1:2: executing "tpl" at <lt true false>: error calling lt: invalid type for comparison',
    ],
    ["{{lt nil 1}}", 'template: tpl:1:2: executing "tpl" at <lt nil 1>: error calling lt: invalid type for comparison'],
    [
      "{{lt (list) 1}}",
      'template: tpl:1:2: executing "tpl" at <lt (list) 1>: error calling lt: invalid type for comparison',
    ],
    [
      "{{lt 1 1.5}}",
      'template: tpl:1:2: executing "tpl" at <lt 1 1.5>: error calling lt: incompatible types for comparison: int and float64',
    ],
  ]);
});

test("index reaches into lists, maps and strings", () => {
  assertOutcomes([
    [
      '{{index (list 1 2) 1}} {{index "abc" 1}} {{index (dict "a" 1) "a"}} {{index (dict "a" 1) "b"}} [{{index . "zz"}}]',
      "2 98 1 <no value> []",
    ],
    ['{{index (list (list 1 2)) 0 1}} {{index (bytes "abc") 1}} {{index 1}}', "2 98 1"],
    [
      "{{index (list 1) 5}}",
      'template: tpl:1:2: executing "tpl" at <index (list 1) 5>: error calling index: index out of range: 5',
    ],
    [
      "{{index (list 1) 1}}",
      'template: tpl:1:2: executing "tpl" at <index (list 1) 1>: error calling index: reflect: slice index out of range',
    ],
    [
      '{{index "abc" 3}}',
      'template: tpl:1:2: executing "tpl" at <index "abc" 3>: error calling index: reflect: string index out of range',
    ],
    [
      '{{index (list 1) "a"}}',
      'template: tpl:1:2: executing "tpl" at <index (list 1) "a">: error calling index: cannot index slice/array with type string',
    ],
    [
      "{{index 1 2}}",
      'template: tpl:1:2: executing "tpl" at <index 1 2>: error calling index: can\'t index item of type int',
    ],
    [
      "{{index nil 1}}",
      'template: tpl:1:2: executing "tpl" at <index nil 1>: error calling index: index of untyped nil',
    ],
    [
      '{{index (dict "a" nil) "a" "b"}}',
      'template: tpl:1:2: executing "tpl" at <index (dict "a" nil) "a" "b">: error calling index: index of nil pointer',
    ],
    [
      "{{index (dict) 1}}",
      'template: tpl:1:2: executing "tpl" at <index (dict) 1>: error calling index: value has type int; should be string',
    ],
    [
      "{{index (dict) nil}}",
      'template: tpl:1:2: executing "tpl" at <index (dict) nil>: error calling index: value is nil; should be of type string',
    ],
    [
      "{{index (list) nil}}",
      'template: tpl:1:2: executing "tpl" at <index (list) nil>: error calling index: cannot index slice/array with nil',
    ],
  ]);
});

test("slice cuts strings by bytes and lists by elements", () => {
  assertOutcomes([
    [
      '{{slice "abcdef" 1 3}} {{slice "abc"}} {{slice (list 1 2 3) 1}} {{slice (list 1 2 3) 0 1 2}} {{slice (bytes "abc") 1 2}}',
      "bc abc [2 3] [1] [98]",
    ],
    ['{{printf "%q" (slice .uni 0 2)}}', '"h\\xc3"'],
    [
      '{{slice "abc" 3 2}}',
      'template: tpl:1:2: executing "tpl" at <slice "abc" 3 2>: error calling slice: invalid slice index: 3 > 2',
    ],
    [
      '{{slice "abc" 4}}',
      'template: tpl:1:2: executing "tpl" at <slice "abc" 4>: error calling slice: index out of range: 4',
    ],
    [
      '{{slice "abc" 1 2 3}}',
      'template: tpl:1:2: executing "tpl" at <slice "abc" 1 2 3>: error calling slice: cannot 3-index slice a string',
    ],
    [
      "{{slice 1}}",
      'template: tpl:1:2: executing "tpl" at <slice 1>: error calling slice: can\'t slice item of type int',
    ],
    ["{{slice nil}}", 'template: tpl:1:2: executing "tpl" at <slice nil>: error calling slice: slice of untyped nil'],
    [
      '{{slice "a" 1 2 3 4}}',
      'template: tpl:1:2: executing "tpl" at <slice "a" 1 2 3 4>: error calling slice: too many slice indexes: 4',
    ],
  ]);
});

test("len counts bytes, elements and entries", () => {
  assertOutcomes([
    ['{{len .uni}} {{len (list 1)}} {{len (dict)}} {{len .}} {{len (bytes "ab")}}', "10 1 0 5 2"],
    ["{{len 1}}", 'template: tpl:1:2: executing "tpl" at <len 1>: error calling len: len of type int'],
    [
      "{{len nil}}",
      'template: tpl:1:2: executing "tpl" at <len nil>: error calling len: reflect: call of reflect.Value.Type on zero Value',
    ],
    ["{{len nilv}}", 'template: tpl:1:2: executing "tpl" at <len nilv>: error calling len: len of nil pointer'],
  ]);
});

test("html, js and urlquery escape", () => {
  assertOutcomes([
    [
      "{{html .pass}}|{{js .pass}}|{{urlquery .pass}}",
      "p@ss&#34;w&lt;o&gt;rd&amp;&#39;x|p@ss\\\"w\\u003Co\\u003Erd\\u0026\\'x|p%40ss%22w%3Co%3Erd%26%27x",
    ],
    ['{{html "\\x00"}} {{js "é\\u200b\\x01="}} {{urlquery .uni}}', "� é\\u200B\\u0001\\u003D h%C3%A9llo+%E2%82%AC"],
    ['{{html 1 2}} {{html (list "<")}} {{js nilv}}', "1 2 [&lt;] \\u003Cno value\\u003E"],
  ]);
});

test("call calls functions only", () => {
  assertOutcomes([
    [
      "{{call .user}}",
      'template: tpl:1:2: executing "tpl" at <call .user>: error calling call: non-function .user of type string',
    ],
    ["{{call nil}}", 'template: tpl:1:2: executing "tpl" at <call nil>: error calling call: call of nil'],
    ["{{call}}", 'template: tpl:1:2: executing "tpl" at <call>: wrong number of args for call: want at least 1 got 0'],
    [
      "{{call 1 2}}",
      'template: tpl:1:2: executing "tpl" at <call 1 2>: error calling call: non-function 1 of type int',
    ],
  ]);
});
