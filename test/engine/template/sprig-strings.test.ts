/** Sprig's functions of texts. */

import { test } from "node:test";
import { assertRenders } from "./sprig-fixture.ts";

test("texts are trimmed by space, cut sets, prefixes and suffixes", () => {
  assertRenders([
    [
      '[{{ trim " \\u00a0 x\\n" }}][{{ trimAll "ab" "baxab" }}][{{ trimall "é" "éxé" }}][{{ trimPrefix "ab" "abc" }}][{{ trimSuffix "bc" "abc" }}]',
      "[x][x][x][c][a]",
    ],
  ]);
});

test("case changes rune by rune, by simple mappings", () => {
  assertRenders([
    [
      '{{ upper "straße ŉ ı ᾳ" }}|{{ lower "İSTANBUL ǅ" }}|{{ title "ǆabc foo-bar o\'neil x_y" }}|{{ untitle "Foo Bar" }}|{{ swapcase "This is A.Test ǅ" }}',
      "STRAßE ŉ I ᾼ|istanbul ǆ|ǅabc Foo-Bar O'Neil X_y|foo bar|tHIS IS a.tEST ǆ",
    ],
    ['{{ upper "a\\xff" | printf "%q" }}', '"A�"'],
  ]);
});

test("words are joined in camel, snake and kebab case", () => {
  assertRenders([
    [
      '{{ camelcase "http_server" }} {{ camelcase "__a b" }} {{ camelcase "__" }} {{ snakecase "FirstName HTTP20xOK" }} {{ snakecase "Bld4Floor3rd" }} {{ kebabcase "NoHTTPS go2xx" }} {{ kebabcase "Duration2m3s" }}',
      "HttpServer __AB ___ first_name_http_20x_ok bld4_floor_3rd no-https-go-2xx duration-2m3s",
    ],
  ]);
});

test("substr and trunc count bytes", () => {
  assertRenders([
    [
      '{{ substr 1 3 "hello" }}|{{ substr -1 3 "hello" }}|{{ substr 2 -1 "hello" }}|{{ substr 2 99 "hello" }}|{{ trunc 3 "hello" }}|{{ trunc -3 "hello" }}|{{ trunc 2 "é€" | b64enc }}',
      "el|hel|llo|llo|hel|llo|w6k=",
    ],
    [
      '{{ substr 4 3 "hello" }}',
      'template: tpl:1:3: executing "tpl" at <substr 4 3 "hello">: error calling substr: runtime error: slice bounds out of range [4:3]',
    ],
    [
      '{{ substr -1 9 "hello" }}',
      'template: tpl:1:3: executing "tpl" at <substr -1 9 "hello">: error calling substr: runtime error: slice bounds out of range [:9] with length 5',
    ],
  ]);
});

test("nospace and initials spoil what is beyond ASCII, as sprig does", () => {
  assertRenders([
    ['{{ nospace "a b" }}|{{ nospace "é" }}|{{ nospace "é x" }}|{{ initials "First éTry" }}', "ab|é|Ã©x|FÃ"],
  ]);
});

test("texts are abbreviated and wrapped by bytes", () => {
  assertRenders([
    [
      '{{ abbrev 9 "hello world foo" }}|{{ abbrev 3 "hello" }}|{{ abbrevboth 5 10 "1234 5678 9123 4567" }}|{{ abbrevboth 5 9 "1234 5678 9123 4567" }}|{{ wrap 5 "aaa bbb averylongword c" }}|{{ wrapWith 5 "~" "aaa bbb averylongword c" }}',
      "hello ...|hello|...5678...|...567...|aaa\nbbb\naverylongword\nc|aaa~bbb~avery~longw~ord c",
    ],
  ]);
});

test("texts are repeated, replaced and indented", () => {
  assertRenders([
    [
      '{{ repeat 3 "ab" }}|{{ replace "" "-" "aé" }}|{{ replace "a" "bb" "banana" }}|{{ indent 2 "a\\nb" }}|{{ nindent 1 "a" }}|{{ plural "one" "many" 1 }}{{ plural "one" "many" 2 }}|{{ hello }}',
      "ababab|-a-é-|bbbnbbnbb|  a\n  b|\n a|onemany|Hello!",
    ],
    [
      '{{ repeat -1 "a" }}',
      'template: tpl:1:3: executing "tpl" at <repeat -1 "a">: error calling repeat: strings: negative Repeat count',
    ],
    [
      '{{ indent -1 "a" }}',
      'template: tpl:1:3: executing "tpl" at <indent -1 "a">: error calling indent: strings: negative Repeat count',
    ],
  ]);
});

test("quote, squote and cat leave nil out", () => {
  assertRenders([
    [
      '{{ quote "a\\"b" 1 nil "é\\xff" }}|{{ squote "it" 1.5 nil }}|{{ cat "a" nil 1 (list 1 2) }}|{{ cat }}',
      '"a\\"b" "1" "é\\xff"|\'it\' \'1.5\'|a 1 [1 2]|',
    ],
  ]);
});

test("toString and toStrings print as fmt does", () => {
  assertRenders([
    [
      '{{ toString (list 1 "x" nil) }}|{{ toString 1.0e21 }}|{{ toString nil }}|{{ toStrings (list 1 nil "x") }}|{{ toStrings 5 }}|{{ toStrings nil | len }}',
      "[1 x <nil>]|1e+21|<nil>|[1 x]|[5]|0",
    ],
  ]);
});

test("texts are split and joined", () => {
  assertRenders([
    [
      '{{ join "-" (list 1 "a" nil true) }}|{{ join "," "x" }}|{{ (split "$" "a$b$")._2 | printf "%q" }}|{{ splitn "," 2 "a,b,c" }}|{{ splitList "" "aé" }}|{{ splitn "," 0 "a" }}',
      '1-a-true|x|""|map[_0:a _1:b,c]|[a é]|map[]',
    ],
  ]);
});

test("sortAlpha sorts a list of texts in place", () => {
  assertRenders([
    [
      '{{ $l := splitList "," "c,a,b" }}{{ $s := sortAlpha $l }}{{ $l }}|{{ sortAlpha (list 10 "b" nil 2) }}|{{ sortAlpha "x" }}',
      "[a b c]|[10 2 b]|[x]",
    ],
  ]);
});

test("base64 and base32 give the error's text as the value", () => {
  assertRenders([
    [
      '{{ b64enc "a\\xff" }}|{{ b64dec "Yf8=" | printf "%q" }}|{{ b64dec "a*" }}|{{ b64dec "YWJj\\nZA==" }}|{{ b64dec "YQ=" }}|{{ b32enc "foob" }}|{{ b32dec "MZXW6YQ=" }}|{{ b32dec "MZXW6YQ" }}|{{ b32dec "mz" }}|{{ b32dec "MZ=A====" }}',
      'Yf8=|"a\\xff"|illegal base64 data at input byte 1|abcd|illegal base64 data at input byte 3|MZXW6YQ=|foob|illegal base32 data at input byte 0|illegal base32 data at input byte 0|illegal base32 data at input byte 2',
    ],
  ]);
});

test("paths are cleaned and taken apart", () => {
  assertRenders([
    [
      '{{ base "/a/b//" }}|{{ base "" }}|{{ base "//" }}|{{ dir "/a/b/../c" }}|{{ dir "x" }}|{{ clean "../a/./b/../../../c" }}|{{ clean "/.." }}|{{ clean "" }}|{{ ext "/a.b/c.tar.gz" }}|{{ ext "a.b/c" }}|{{ isAbs "/a" }}|{{ osIsAbs "a" }}|{{ osBase "a/b" }}|{{ osDir "a/b" }}|{{ osClean "a//b" }}|{{ osExt "x.y" }}',
      "b|.|/|/a|.|../../c|/|.|.gz||true|false|b|a|a/b|.y",
    ],
  ]);
});
