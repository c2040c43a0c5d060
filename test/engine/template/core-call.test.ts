/** Fields, methods, functions and what may be given to them, with Go's messages. */

import { test } from "node:test";
import { assertOutcomes } from "./core-fixture.ts";

test("fields are looked up in maps and structs", () => {
  assertOutcomes([
    ["{{.user}} {{$.user}}", "admin admin"],
    ['{{(dict "a" (dict "b" 1)).a.b}}', "1"],
    ["{{(p).A}}{{p.B}}", "1b"],
    ["{{(p).c}}", 'template: tpl:1:3: executing "tpl" at <p>: c is an unexported field of struct type main.P'],
    ["{{(p).Zed}}", 'template: tpl:1:3: executing "tpl" at <p>: can\'t evaluate field Zed in type main.P'],
    ["{{.nope}}", 'template: tpl:1:2: executing "tpl" at <.nope>: map has no entry for key "nope"'],
    ["{{(dict).x}}", 'template: tpl:1:3: executing "tpl" at <dict>: map has no entry for key "x"'],
    ["{{.user.x}}", 'template: tpl:1:7: executing "tpl" at <.user.x>: can\'t evaluate field x in type string'],
    [
      '{{(dict "a" 1).a.b}}',
      'template: tpl:1:12: executing "tpl" at <1>: can\'t evaluate field b in type interface {}',
    ],
    [
      "{{range list 1}}{{.x}}{{end}}",
      'template: tpl:1:18: executing "tpl" at <.x>: can\'t evaluate field x in type interface {}',
    ],
    [
      "{{range $v := list 1}}{{$v.x}}{{end}}",
      'template: tpl:1:26: executing "tpl" at <$v.x>: can\'t evaluate field x in type interface {}',
    ],
    [
      '{{range strs "a"}}{{.x}}{{end}}',
      'template: tpl:1:20: executing "tpl" at <.x>: can\'t evaluate field x in type string',
    ],
    [
      "{{with list 1}}{{.x}}{{end}}",
      'template: tpl:1:17: executing "tpl" at <.x>: can\'t evaluate field x in type []interface {}',
    ],
  ]);
});

test("methods are called with their arguments", () => {
  assertOutcomes([
    ['{{(p).Hello "x" 1 2}}', "hi x1 [1 2]"],
    [
      "{{(p).Hello}}",
      'template: tpl:1:3: executing "tpl" at <p>: wrong number of args for Hello: want at least 1 got 0',
    ],
    ["{{(p).Hello 1}}", 'template: tpl:1:12: executing "tpl" at <1>: expected string; found 1'],
    ["{{(p).Fail}}", 'template: tpl:1:5: executing "tpl" at <(p).Fail>: error calling Fail: failed'],
    ["{{(p).A 1}}", 'template: tpl:1:3: executing "tpl" at <p>: A has arguments but cannot be invoked as function'],
  ]);
});

test("what is no function takes no arguments", () => {
  assertOutcomes([
    ["{{.user 1}}", 'template: tpl:1:2: executing "tpl" at <.user>: user is not a method but has arguments'],
    ["{{1 | .user}}", 'template: tpl:1:6: executing "tpl" at <.user>: user is not a method but has arguments'],
    ["{{$x := 1}}{{$x 2}}", 'template: tpl:1:13: executing "tpl" at <$x>: can\'t give argument to non-function $x'],
    ["{{(1) 2}}", 'template: tpl:1:2: executing "tpl" at <(1) 2>: can\'t give argument to non-function 1'],
    ["{{1 2}}", 'template: tpl:1:2: executing "tpl" at <1>: can\'t give argument to non-function 1'],
    ["{{. 1}}", 'template: tpl:1:2: executing "tpl" at <.>: can\'t give argument to non-function .'],
  ]);
});

test("the number of arguments must fit", () => {
  assertOutcomes([
    ["{{str}}", 'template: tpl:1:2: executing "tpl" at <str>: wrong number of args for str: want 1 got 0'],
    ['{{str "a" "b"}}', 'template: tpl:1:2: executing "tpl" at <str>: wrong number of args for str: want 1 got 2'],
    ['{{"a" | str "b"}}', 'template: tpl:1:8: executing "tpl" at <str>: wrong number of args for str: want 1 got 2'],
    ["{{not 1 2}}", 'template: tpl:1:2: executing "tpl" at <not>: wrong number of args for not: want 1 got 2'],
    ["{{lt 1 2 3}}", 'template: tpl:1:2: executing "tpl" at <lt>: wrong number of args for lt: want 2 got 3'],
    [
      "{{index}}",
      'template: tpl:1:2: executing "tpl" at <index>: wrong number of args for index: want at least 1 got 0',
    ],
    [
      "{{printf}}",
      'template: tpl:1:2: executing "tpl" at <printf>: wrong number of args for printf: want at least 1 got 0',
    ],
    ["{{and}}", 'template: tpl:1:2: executing "tpl" at <and>: wrong number of args for and: want at least 1 got 0'],
  ]);
});

test("constants become the parameter's type if they can", () => {
  assertOutcomes([
    ["{{i64 1}} {{i64 1.0}} {{f64 1}} {{f64 1.5}} {{f64 'a'}} {{boo true}}", "1 1 1 1.5 97 true"],
    ['{{printf "%T %T" (i64 1) (f64 1)}}', "int64 float64"],
    ["{{str 1}}", 'template: tpl:1:6: executing "tpl" at <1>: expected string; found 1'],
    ["{{i64 1.5}}", 'template: tpl:1:6: executing "tpl" at <1.5>: expected integer; found 1.5'],
    ['{{i64 "x"}}', 'template: tpl:1:6: executing "tpl" at <"x">: expected integer; found "x"'],
    ['{{f64 "x"}}', 'template: tpl:1:6: executing "tpl" at <"x">: expected float; found "x"'],
    ["{{boo 1}}", 'template: tpl:1:6: executing "tpl" at <1>: expected bool; found 1'],
    ["{{slc 1}}", 'template: tpl:1:6: executing "tpl" at <1>: can\'t handle 1 for arg of type []interface {}'],
    [
      '{{mp "a"}}',
      'template: tpl:1:5: executing "tpl" at <"a">: can\'t handle "a" for arg of type map[string]interface {}',
    ],
  ]);
});

test("values must be of the parameter's type", () => {
  assertOutcomes([
    ["{{str .user}}", "admin"],
    [
      "{{str (list)}}",
      'template: tpl:1:7: executing "tpl" at <list>: wrong type for value; expected string; got []interface {}',
    ],
    [
      "{{str nilv}}",
      'template: tpl:1:6: executing "tpl" at <nilv>: wrong type for value; expected string; got interface {}',
    ],
    ["{{str nil}}", 'template: tpl:1:6: executing "tpl" at <nil>: cannot assign nil to string'],
    [
      '{{i64 (len "a")}}',
      'template: tpl:1:11: executing "tpl" at <"a">: wrong type for value; expected int64; got int',
    ],
    [
      '{{f64 (len "a")}}',
      'template: tpl:1:11: executing "tpl" at <"a">: wrong type for value; expected float64; got int',
    ],
    ["{{1 | i64}}", 'template: tpl:1:6: executing "tpl" at <i64>: wrong type for value; expected int64; got int'],
    ["{{slc (list 1)}} {{slc nil}} {{mp nil}}", "1 0 0"],
    [
      '{{slc (strs "a")}}',
      'template: tpl:1:12: executing "tpl" at <"a">: wrong type for value; expected []interface {}; got []string',
    ],
    [
      "{{mp .}}",
      'template: tpl:1:5: executing "tpl" at <.>: wrong type for value; expected map[string]interface {}; got map[string]string',
    ],
    ["{{nilv | str}}", 'template: tpl:1:9: executing "tpl" at <str>: invalid value; expected string'],
  ]);
});

test("a function's error says which call it was", () => {
  assertOutcomes([
    ['{{fail "boom"}}', 'template: tpl:1:2: executing "tpl" at <fail "boom">: error calling fail: boom'],
    [
      'a\n  {{ if true }}{{ fail "boom" }}{{ end }}',
      'template: tpl:2:18: executing "tpl" at <fail "boom">: error calling fail: boom',
    ],
    [
      '{{define "x"}}{{fail "boom"}}{{end}}{{template "x"}}',
      'template: tpl:1:16: executing "x" at <fail "boom">: error calling fail: boom',
    ],
  ]);
});

test("and and or stop at the argument that decides", () => {
  assertOutcomes([
    ['{{and 1 0 2}} {{and 1 2}} {{or 0 "" "x"}} {{or 0 ""}}|', "0 2 x |"],
    ['{{or 1 (fail "x")}} {{and 0 (fail "x")}}', "1 0"],
    ["{{not 0}} {{not .user}}", "true false"],
  ]);
});
