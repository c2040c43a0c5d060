/** Sprig's functions of versions and URLs. */

import { test } from "node:test";
import { assertRenders } from "./sprig-fixture.ts";

test("versions are read, and written without the v", () => {
  assertRenders([
    [
      '{{ $v := semver "v1.2.3-rc.1+b.5" }}{{ $v }} {{ $v.Major }} {{ $v.Minor }} {{ $v.Patch }} {{ $v.Prerelease }} {{ $v.Metadata }} {{ $v.Original }} {{ $v.IncMajor }} {{ $v.IncMinor }} {{ $v.IncPatch }} {{ (semver "1.2").IncPatch.Original }} {{ printf "%T %T" $v $v.Major }} {{ $v.SetPrerelease "x" }}',
      'template: tpl:1:211: executing "tpl" at <"1.2">: can\'t evaluate field Original in type semver.Version',
    ],
  ]);
});

test("versions are compared", () => {
  assertRenders([
    [
      '{{ (semver "1.2.3").Compare (semver "1.2.3-rc.1") }} {{ (semver "1.2.3-a.10").Compare (semver "1.2.3-a.9") }} {{ (semver "1.0").LessThan (semver "1.0.1") }} {{ (semver "1.0+a").Equal (semver "1.0+b") }}',
      "1 1 true true",
    ],
  ]);
});

test("constraints are checked", () => {
  assertRenders([
    [
      '{{ range list ">=1.2.0" "^1.2" "~1.2.3" "1.x" "*" "1.2 - 2.5" ">1.2, <3 || =0.1.5" "!=1.2" "!=1.2.3" "^0.0.3" "~0" "<=1.2" ">1" ">1.2" "=>1.2.3" "1.2 3" "~>1" "x" }}{{ semverCompare . "1.2.3" }} {{ semverCompare . "1.3.0-beta" }} {{ semverCompare . "0.0.3" }};{{ end }}',
      "true false false;true false false;true false false;true false false;true false true;true false false;false false false;false false true;false true true;false false true;false false true;true false true;false false false;false false false;true false false;false false false;true false false;true false true;",
    ],
  ]);
});

test("what is no version or constraint is an error", () => {
  assertRenders([
    [
      '{{ semver "x" }}',
      'template: tpl:1:3: executing "tpl" at <semver "x">: error calling semver: Invalid Semantic Version',
    ],
    [
      '{{ semver "1.2.3-01" }}',
      'template: tpl:1:3: executing "tpl" at <semver "1.2.3-01">: error calling semver: Version segment starts with 0',
    ],
    [
      '{{ semver "99999999999999999999" }}',
      'template: tpl:1:3: executing "tpl" at <semver "99999999999999999999">: error calling semver: Error parsing version segment: strconv.ParseUint: parsing "99999999999999999999": value out of range',
    ],
    [
      '{{ semverCompare "a" "1" }}',
      'template: tpl:1:3: executing "tpl" at <semverCompare "a" "1">: error calling semverCompare: improper constraint: a',
    ],
    [
      '{{ semverCompare "1xx" "1" }}',
      'template: tpl:1:3: executing "tpl" at <semverCompare "1xx" "1">: error calling semverCompare: constraint Parser Error',
    ],
    [
      '{{ semverCompare "1" "y" }}',
      'template: tpl:1:3: executing "tpl" at <semverCompare "1" "y">: error calling semverCompare: Invalid Semantic Version',
    ],
    [
      '{{ (semver "1").IncMajor.Compare (semver "1") }}',
      'template: tpl:1:11: executing "tpl" at <"1">: can\'t evaluate field Compare in type semver.Version',
    ],
  ]);
});

test("URLs are taken apart", () => {
  assertRenders([
    [
      '{{ range list "https://u:p%40@h.example:8443/p/a?q=1&r=a%20b#fr%20ag" "mailto:x@y" "/rel?x" "//host/p" "http://[::1]:80/" "http://[fe80::1%25en0]/x" "mongodb://a:1,b:2/db" "HTTP://H" "http://u:@h" "*" "" }}{{ urlParse . | toJson }}\n{{ end }}',
      '{"fragment":"fr ag","host":"h.example:8443","hostname":"h.example","opaque":"","path":"/p/a","query":"q=1\\u0026r=a%20b","scheme":"https","userinfo":"u:p%40"}\n{"fragment":"","host":"","hostname":"","opaque":"x@y","path":"","query":"","scheme":"mailto","userinfo":""}\n{"fragment":"","host":"","hostname":"","opaque":"","path":"/rel","query":"x","scheme":"","userinfo":""}\n{"fragment":"","host":"host","hostname":"host","opaque":"","path":"/p","query":"","scheme":"","userinfo":""}\n{"fragment":"","host":"[::1]:80","hostname":"::1","opaque":"","path":"/","query":"","scheme":"http","userinfo":""}\n{"fragment":"","host":"[fe80::1%en0]","hostname":"fe80::1%en0","opaque":"","path":"/x","query":"","scheme":"http","userinfo":""}\n{"fragment":"","host":"a:1,b:2","hostname":"a:1,b","opaque":"","path":"/db","query":"","scheme":"mongodb","userinfo":""}\n{"fragment":"","host":"H","hostname":"H","opaque":"","path":"","query":"","scheme":"http","userinfo":""}\n{"fragment":"","host":"h","hostname":"h","opaque":"","path":"","query":"","scheme":"http","userinfo":"u:"}\n{"fragment":"","host":"","hostname":"","opaque":"","path":"*","query":"","scheme":"","userinfo":""}\n{"fragment":"","host":"","hostname":"","opaque":"","path":"","query":"","scheme":"","userinfo":""}\n',
    ],
  ]);
});

test("URLs are put together", () => {
  assertRenders([
    [
      '{{ urlJoin (dict "scheme" "https" "host" "h:8080" "path" "/a b" "query" "q=1" "fragment" "f g" "userinfo" "u:p@") }} {{ urlJoin (dict "path" "a:b") }} {{ urlJoin (dict "opaque" "o" "scheme" "s") }} {{ urlJoin (dict) }} {{ urlJoin (dict "host" "h" "path" "p") }} {{ urlJoin (urlParse "postgres://us:pw@h/db?x=y") }}',
      "https://u:p%40@h:8080/a%20b?q=1#f%20g ./a:b s:o  //h/p postgres://us:pw@h/db?x=y",
    ],
    [
      '{{ urlJoin (dict "host" 1) }}',
      'template: tpl:1:3: executing "tpl" at <urlJoin (dict "host" 1)>: error calling urlJoin: unable to parse host key, must be of type string, but int found',
    ],
    [
      '{{ urlJoin (dict "host" nil) }}',
      'template: tpl:1:3: executing "tpl" at <urlJoin (dict "host" nil)>: error calling urlJoin: runtime error: invalid memory address or nil pointer dereference',
    ],
  ]);
});

test("wrong URLs are errors in Go's words", () => {
  assertRenders([
    [
      '{{ urlParse "http://a b" }}',
      'template: tpl:1:3: executing "tpl" at <urlParse "http://a b">: error calling urlParse: unable to parse url: parse "http://a b": invalid character " " in host name',
    ],
    [
      '{{ urlParse "%zz" }}',
      'template: tpl:1:3: executing "tpl" at <urlParse "%zz">: error calling urlParse: unable to parse url: parse "%zz": invalid URL escape "%zz"',
    ],
    [
      '{{ urlParse ":x" }}',
      'template: tpl:1:3: executing "tpl" at <urlParse ":x">: error calling urlParse: unable to parse url: parse ":x": missing protocol scheme',
    ],
    [
      '{{ urlParse "1:2" }}',
      'template: tpl:1:3: executing "tpl" at <urlParse "1:2">: error calling urlParse: unable to parse url: parse "1:2": first path segment in URL cannot contain colon',
    ],
    [
      '{{ urlParse "http://h:x/" }}',
      'template: tpl:1:3: executing "tpl" at <urlParse "http://h:x/">: error calling urlParse: unable to parse url: parse "http://h:x/": invalid port ":x" after host',
    ],
    [
      '{{ urlParse "http://a:b:c/" }}',
      'template: tpl:1:3: executing "tpl" at <urlParse "http://a:b:c/">: error calling urlParse: unable to parse url: parse "http://a:b:c/": invalid port ":b:c" after host',
    ],
    [
      '{{ urlParse "http://[::1" }}',
      'template: tpl:1:3: executing "tpl" at <urlParse "http://[::1">: error calling urlParse: unable to parse url: parse "http://[::1": missing \']\' in host',
    ],
    [
      '{{ urlParse "http://[1.2.3.4]" }}',
      'template: tpl:1:3: executing "tpl" at <urlParse "http://[1.2.3.4]">: error calling urlParse: unable to parse url: parse "http://[1.2.3.4]": invalid IP-literal',
    ],
    [
      '{{ urlParse "http://u^:p@h" }}',
      'template: tpl:1:3: executing "tpl" at <urlParse "http://u^:p@h">: error calling urlParse: unable to parse url: parse "http://u^:p@h": net/url: invalid userinfo',
    ],
    [
      '{{ urlParse "x\\x01" }}',
      'template: tpl:1:3: executing "tpl" at <urlParse "x\\x01">: error calling urlParse: unable to parse url: parse "x\\x01": net/url: invalid control character in URL',
    ],
    [
      '{{ urlParse "http://%41/" }}',
      'template: tpl:1:3: executing "tpl" at <urlParse "http://%41/">: error calling urlParse: unable to parse url: parse "http://%41/": invalid URL escape "%41"',
    ],
    [
      '{{ urlParse "http://h#%zz" }}',
      'template: tpl:1:3: executing "tpl" at <urlParse "http://h#%zz">: error calling urlParse: unable to parse url: parse "http://h#%zz": invalid URL escape "%zz"',
    ],
  ]);
});
