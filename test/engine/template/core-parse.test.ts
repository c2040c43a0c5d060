/** What the parser takes and refuses, with Go's messages. */

import { test } from "node:test";
import { assertOutcomes } from "./core-fixture.ts";

test("trim markers and comments remove space around actions only", () => {
  assertOutcomes([
    ["a {{- .user -}}  \n\n b", "aadminb"],
    ["{{-3}} {{- 3 -}} x", "-33x"],
    ["a{{/* c */}}b", "ab"],
    ["a {{- /* c */ -}} b", "ab"],
    ["x \n {{- 3}}", "x3"],
    ["{{.user -}}\n\n{{- .user}}", "adminadmin"],
    ["{{\n.user\n}}", "admin"],
  ]);
});

test("number constants are int, float or complex by their syntax", () => {
  assertOutcomes([
    [
      "{{1}} {{1.0}} {{1e6}} {{0x10}} {{0b11}} {{0o17}} {{017}} {{1_000}} {{'a'}} {{1i}} {{1+2i}}",
      "1 1 1e+06 16 3 15 15 1000 97 (0+1i) (1+2i)",
    ],
    ["{{printf \"%T %T %T %T %T %T\" 1 1. 1e3 0x1p4 0xee 'x'}}", "int float64 float64 float64 int int"],
    ["{{0x1.8p1}} {{.5}} {{1_0.5}} {{-0}} {{+3}} {{0i}}", "3 0.5 10.5 0 3 (0+0i)"],
    ["{{9223372036854775807}} {{-9223372036854775808}}", "9223372036854775807 -9223372036854775808"],
  ]);
});

test("bad number constants are refused", () => {
  assertOutcomes([
    [
      "{{9223372036854775808}}",
      'template: tpl:1:2: executing "tpl" at <9223372036854775808>: 9223372036854775808 overflows int',
    ],
    ["{{18446744073709551616}}", 'template: tpl:1: integer overflow: "18446744073709551616"'],
    ["{{1e400}}", 'template: tpl:1: illegal number syntax: "1e400"'],
    ["{{08}}", 'template: tpl:1: integer overflow: "08"'],
    ["{{0x}}", 'template: tpl:1: illegal number syntax: "0x"'],
    ["{{1a}}", 'template: tpl:1: bad number syntax: "1a"'],
    ["{{1_}}", 'template: tpl:1: illegal number syntax: "1_"'],
    ["{{''}}", "template: tpl:1: invalid syntax"],
    ["{{'ab'}}", "template: tpl:1: malformed character constant: 'ab'"],
    ["{{'x}}", "template: tpl:1: unterminated character constant"],
  ]);
});

test("string constants have Go's escapes", () => {
  assertOutcomes([
    ['{{"a\\tb\\x41\\101\\u00e9\\U0001F600\\""}}', 'a\tbAAé😀"'],
    ["{{`raw\\n`}}", "raw\\n"],
    ['{{"\\\'"}}', "template: tpl:1: invalid syntax"],
    ['{{"\\z"}}', "template: tpl:1: invalid syntax"],
    ['{{"\\ud800"}}', "template: tpl:1: invalid syntax"],
    ['{{"unterminated}}', "template: tpl:1: unterminated quoted string"],
    ["{{`unterminated}}", "template: tpl:1: unterminated raw quoted string"],
    ['{{print "a\nb"}}', "template: tpl:1: unterminated quoted string"],
  ]);
});

test("unclosed and misplaced parts are refused", () => {
  assertOutcomes([
    ["{{.x", "template: tpl:1: unclosed action"],
    ["{{", "template: tpl:1: unclosed action"],
    ["{{(.x}}", "template: tpl:1: unclosed left paren"],
    ["{{.x)}}", "template: tpl:1: unexpected right paren"],
    ["{{end}}", "template: tpl:1: unexpected {{end}}"],
    ["{{else}}", "template: tpl:1: unexpected {{else}}"],
    ["{{if true}}x", "template: tpl:1: unexpected EOF"],
    ["{{if 1}}{{else}}{{else}}{{end}}", "template: tpl:1: expected end; found {{else}}"],
    ["{{range 1}}{{else if 2}}{{end}}", "template: tpl:1: unexpected <if> in input"],
    ["{{break}}", "template: tpl:1: {{break}} outside {{range}}"],
    ["{{range list}}{{end}}{{continue}}", "template: tpl:1: {{continue}} outside {{range}}"],
    ["{{/* x }}", "template: tpl:1: unclosed comment"],
    ["{{/* x */ }}", "template: tpl:1: comment ends before closing delimiter"],
    ["{{ /* x */}}", 'template: tpl:1: unexpected "/" in command'],
  ]);
});

test("bad pipelines are refused", () => {
  assertOutcomes([
    ["{{}}", "template: tpl:1: missing value for command"],
    ["{{()}}", "template: tpl:1: missing value for parenthesized pipeline"],
    ["{{|}}", 'template: tpl:1: unexpected "|" in command'],
    ["{{.user|}}", "admin"],
    ["{{.user | 1}}", "template: tpl:1: non executable command in pipeline stage 2"],
    ["{{$x := }}", "template: tpl:1: missing value for command"],
    ["{{$x, $y := 1}}", "template: tpl:1: too many declarations in command"],
    ["{{range $x, 1 := .}}{{end}}", "template: tpl:1: range can only initialize variables"],
    ["{{true.x}}", 'template: tpl:1: unexpected . after term "true"'],
    ["{{nil.x}}", 'template: tpl:1: unexpected . after term "nil"'],
    ["{{.user.}}", "template: tpl:1: unexpected <.> in operand"],
    ["{{.a@b}}", "template: tpl:1: bad character U+0040 '@'"],
    ["{{#x}}", 'template: tpl:1: unexpected "#" in command'],
    ["{{3-}}", 'template: tpl:1: bad number syntax: "3-"'],
  ]);
});

test("unknown functions, variables and templates are refused", () => {
  assertOutcomes([
    ["{{undefinedfunction 1}}", 'template: tpl:1: function "undefinedfunction" not defined'],
    ["{{$y}}", 'template: tpl:1: undefined variable "$y"'],
    ["{{with $x := .user}}{{$x}}{{end}}{{$x}}", 'template: tpl:1: undefined variable "$x"'],
    ["{{template .x}}", 'template: tpl:1: unexpected ".x" in template clause'],
    ['{{define "a"}}x{{end}}{{define "a"}}y{{end}}', 'template: tpl:1: template: multiple definition of template "a"'],
    ['{{if 1}}{{define "a"}}{{end}}{{end}}', "template: tpl:1: unexpected <define> in command"],
    ["{{define x}}{{end}}", 'template: tpl:1: unexpected "x" in define clause'],
    [
      '{{template "nope"}}',
      'template: tpl:1:11: executing "tpl" at <{{template "nope"}}>: template "nope" not defined',
    ],
  ]);
});

test("an error names the line, and where its action started", () => {
  assertOutcomes([
    ["a\nb\n{{end}}", "template: tpl:3: unexpected {{end}}"],
    ["{{if 1}}\n{{.x", "template: tpl:2: unclosed action"],
    ["{{\n\n@é}}", 'template: tpl:3: unexpected "@" in command'],
    ['{{block "x" .}}\n{{/* a', "template: tpl:2: unclosed comment"],
  ]);
});

test("identifiers may be of any letters", () => {
  assertOutcomes([
    ["{{$é := 1}}{{$é}}", "1"],
    ["{{ € }}", "template: tpl:1: unrecognized character in action: U+20AC '€'"],
  ]);
});
