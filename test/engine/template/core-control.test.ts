/** if, with, range, template, block and variables, as Go executes them. */

import { test } from "node:test";
import { assertOutcomes } from "./core-fixture.ts";

test("if and with choose by truth, and go on with else if and else with", () => {
  assertOutcomes([
    ["{{if .user}}y{{else}}n{{end}}", "y"],
    ["{{if .empty}}y{{else if .user}}u{{else}}n{{end}}", "u"],
    ["{{with .empty}}x{{else with .user}}u={{.}}{{else}}z{{end}}", "u=admin"],
    [
      "{{if 0}}a{{end}}{{if 0.0}}b{{end}}{{if list}}c{{end}}{{if dict}}d{{end}}{{if nilv}}e{{end}}{{if p}}f{{end}}{{if 1i}}g{{end}}{{if u8 0}}h{{end}}",
      "fg",
    ],
  ]);
});

test("range goes over lists, maps in key order, and integers", () => {
  assertOutcomes([
    ["{{range list 1 2 3}}{{.}},{{end}}", "1,2,3,"],
    ['{{range $i, $e := strs "a" "b"}}{{$i}}={{$e}},{{end}}', "0=a,1=b,"],
    ['{{range $k, $v := dict "b" 1 "a" 2}}{{$k}}{{$v}}{{end}}', "a2b1"],
    ['{{range 3}}{{.}}{{end}}{{range $i := u8 2}}{{printf "%T" $i}}{{end}}', "012uint8uint8"],
    [
      "{{range 0}}x{{else}}none{{end}}{{range nilv}}x{{else}}nil{{end}}{{range -1}}x{{else}}negative{{end}}",
      "nonenilnegative",
    ],
    ['{{range bytes "ab"}}{{.}} {{end}}', "97 98 "],
    ["{{range .}}{{.}};{{end}}", ";42;p@ss\"w<o>rd&'x;héllo €;admin;"],
    ["{{range $i, $e := list}}a{{else}}{{$e}}{{$i}}{{end}}", "[][]"],
  ]);
});

test("break and continue belong to the innermost range", () => {
  assertOutcomes([
    ["{{range list 1 2 3}}{{if eq . 2}}{{continue}}{{end}}{{.}}{{end}}", "13"],
    ["{{range list 1 2 3}}{{if eq . 2}}{{break}}{{end}}{{.}}{{end}}", "1"],
    ["{{range $i, $_ := list 1 2}}{{range list 3 4}}{{break}}{{end}}{{$i}}{{end}}", "01"],
    ["{{range list 1 2}}{{with .}}{{break}}{{end}}{{end}}z", "z"],
  ]);
});

test("variables live to the end of their structure, and assignments last", () => {
  assertOutcomes([
    ["{{$x := 1}}{{$x}}{{$x = 2}}{{$x}}", "12"],
    ['{{$x := "a"}}{{if true}}{{$x := "b"}}{{$x}}{{end}}{{$x}}', "ba"],
    ["{{$x := 1}}{{range list 1 2}}{{$x = .}}{{end}}{{$x}}", "2"],
    ["{{$i := 0}}{{$e := 0}}{{range $i, $e = list 5 6}}{{end}}{{$i}}{{$e}}", "16"],
    [
      "{{if false}}{{$y := 1}}{{else}}{{$y}}{{end}}",
      'template: tpl:1:33: executing "tpl" at <$y>: undefined variable: $y',
    ],
    ["{{$x = 2}}", 'template: tpl:1:7: executing "tpl" at <2>: undefined variable: $x'],
    ["{{print ($x := 1) $x}}", "1 1"],
    ["{{with .user}}{{$.num}}{{end}}", "42"],
  ]);
});

test("templates get the pipeline as dot and dollar, and no variables", () => {
  assertOutcomes([
    [
      '{{define "a"}}[{{.}}|{{$}}]{{end}}{{template "a" .user}}{{template "a"}}',
      "[admin|admin][<no value>|<no value>]",
    ],
    ['{{block "b" .user}}<{{.}}>{{end}}{{template "b" 1}}', "<admin><1>"],
    ['{{define "r"}}{{if .}}{{len .}}{{template "r" slice . 1}}{{end}}{{end}}{{template "r" "abc"}}', "321"],
    ['{{template "t" $x := .user}}{{$x}}{{define "t"}}{{.}}{{end}}', "adminadmin"],
    ['{{define "tpl"}}x{{end}}', "x"],
  ]);
});

test("a pipeline hands its value on as the last argument", () => {
  assertOutcomes([
    ['{{.user | printf "%s-%s" "a"}}', "a-admin"],
    ['{{.pass | html | js | urlquery | printf "%q" | len}}', "85"],
    ['{{"x" | (p).Hello}}', "hi x1 []"],
    ['{{1 | and 2}} {{0 | or ""}}|{{nilv | or 0}}', "1 0|<no value>"],
  ]);
});

test("nil prints as no value and is the end of fields", () => {
  assertOutcomes([
    ["{{nilv}}", "<no value>"],
    ['{{(dict "a" nil).a}}', "<no value>"],
    ['{{(dict "a" nil).a.b}}', 'template: tpl:1:12: executing "tpl" at <nil>: nil pointer evaluating interface {}.b'],
    ["{{(nilv).x}}", 'template: tpl:1:3: executing "tpl" at <nilv>: nil data; no entry for key "x"'],
    ["{{nil}}", 'template: tpl:1:2: executing "tpl" at <nil>: nil is not a command'],
    ["{{print nil}}", "<nil>"],
    ["{{range list nil}}{{.}}{{end}}", "<no value>"],
    ["{{html nil}}", "&lt;no value&gt;"],
  ]);
});
