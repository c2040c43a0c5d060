/** Sprig's functions of regular expressions. */

import { test } from "node:test";
import { assertRenders } from "./sprig-fixture.ts";

test("matches are found", () => {
  assertRenders([
    [
      '{{ regexMatch "^a+$" "aaa" }} {{ regexMatch "(" "a" }} {{ regexFind "[a-z]+" "12ab34cd" }} {{ regexFind "x" "a" | printf "%q" }} {{ regexFindAll "[a-z]" "a1b2c" -1 }} {{ regexFindAll "[a-z]" "a1b2c" 2 }} {{ regexFindAll "x" "a" -1 | toJson }} {{ regexFindAll "a*" "baac" -1 | toJson }} {{ regexFindAll "" "é" -1 | toJson }}',
      'true false ab "" [a b c] [a b] null ["","aa",""] ["",""]',
    ],
  ]);
});

test("replacements expand groups as Go does", () => {
  assertRenders([
    [
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a group of the expression
      '{{ regexReplaceAll "(\\\\w)(\\\\w)" "abcd" "$2$1" }}|{{ regexReplaceAll "(?P<x>a)" "aba" "[${x}1$x1$$$]" }}|{{ regexReplaceAll "a*" "baac" "-" }}|{{ regexReplaceAllLiteral "a" "banana" "$1" }}|{{ regexReplaceAll "(?P<n>a)|(?P<n>b)" "abc" "<$n>" }}|{{ regexReplaceAll "b" "é\\xffbé" "$0$0" | printf "%q" }}',
      'badc|[a1$$]b[a1$$]|-b-c-|b$1n$1n$1|<a><b>c|"é\\xffbbé"',
    ],
  ]);
});

test("texts are split", () => {
  assertRenders([
    [
      '{{ regexSplit "a+" "baaac" -1 }} {{ regexSplit "a" "banana" 2 | toJson }} {{ regexSplit "" "abc" -1 | toJson }} {{ regexSplit "x" "" -1 | toJson }} {{ regexSplit "a" "aba" -1 | toJson }} {{ regexSplit "a" "b" 0 | toJson }} {{ regexQuoteMeta "a.b*[c]\\\\" }}',
      '[b c] ["b","nana"] ["a","b","c"] [""] ["","b",""] null a\\.b\\*\\[c\\]\\\\',
    ],
  ]);
});

test("wrong expressions are errors in Go's words", () => {
  assertRenders([
    [
      '{{ regexFind "(" "a" }}',
      'template: tpl:1:3: executing "tpl" at <regexFind "(" "a">: error calling regexFind: regexp: Compile(`(`): error parsing regexp: missing closing ): `(`',
    ],
    [
      '{{ mustRegexFind "(" "a" }}',
      'template: tpl:1:3: executing "tpl" at <mustRegexFind "(" "a">: error calling mustRegexFind: error parsing regexp: missing closing ): `(`',
    ],
    [
      '{{ mustRegexMatch "a**" "a" }}',
      'template: tpl:1:3: executing "tpl" at <mustRegexMatch "a**" "a">: error calling mustRegexMatch: error parsing regexp: invalid nested repetition operator: `**`',
    ],
    [
      '{{ regexReplaceAll "[z-a]" "a" "" }}',
      'template: tpl:1:3: executing "tpl" at <regexReplaceAll "[z-a]" "a" "">: error calling regexReplaceAll: regexp: Compile(`[z-a]`): error parsing regexp: invalid character class range: `z-a`',
    ],
    [
      '{{ mustRegexFindAll "(?<!a)b" "a" 1 }}',
      'template: tpl:1:3: executing "tpl" at <mustRegexFindAll "(?<!a)b" "a" 1>: error calling mustRegexFindAll: error parsing regexp: invalid named capture: `(?<!a)b`',
    ],
    [
      '{{ mustRegexSplit "\\\\8" "a" 1 }}',
      'template: tpl:1:3: executing "tpl" at <mustRegexSplit "\\\\8" "a" 1>: error calling mustRegexSplit: error parsing regexp: invalid escape sequence: `\\8`',
    ],
    [
      '{{ mustRegexReplaceAllLiteral "x{1001}" "a" "" }}',
      'template: tpl:1:3: executing "tpl" at <mustRegexReplaceAllLiteral "x{1001}" "a" "">: error calling mustRegexReplaceAllLiteral: error parsing regexp: invalid repeat count: `{1001}`',
    ],
  ]);
});
