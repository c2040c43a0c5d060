/** Sprig's functions of lists and dictionaries. */

import { test } from "node:test";
import { assertRenders } from "./sprig-fixture.ts";

test("lists are built and taken apart", () => {
  assertRenders([
    [
      '{{ $l := list 1 "a" nil }}{{ first $l }} {{ last $l }} {{ rest $l }} {{ initial $l }} {{ append $l 2 }} {{ push $l 2 }} {{ prepend $l 0 }} {{ reverse $l }} {{ $l }} {{ tuple 1 2 }}',
      "1 <no value> [a <nil>] [1 a] [1 a <nil> 2] [1 a <nil> 2] [0 1 a <nil>] [<nil> a 1] [1 a <nil>] [1 2]",
    ],
    [
      "{{ first (list) }} {{ rest (list) }} {{ rest (list) | toJson }} {{ initial (until 0) | toJson }} {{ first (until 3) }}",
      "<no value> [] null null 0",
    ],
  ]);
});

test("lists are searched by type and content", () => {
  assertRenders([
    [
      '{{ has 1 (list 1 2) }} {{ has 1 (list (int64 1) 1.0 "1") }} {{ has 1 nil }} {{ without (list 1 2 1 "1") 1 }} {{ uniq (list 1 1 1.0 "1" (list 1) (list 1)) | toJson }} {{ compact (list 0 "" nil false (list) (dict) 1) }}',
      'true false false [2 1] [1,1,"1",[1]] [1]',
    ],
  ]);
});

test("lists are cut in pieces and joined", () => {
  assertRenders([
    [
      '{{ chunk 2 (list 1 2 3) }} {{ chunk 3 (list) }} {{ slice (list 1 2 3) 1 }} {{ slice (list 1 2 3) 1 2 }} {{ slice (splitList "," "a,b") 1 | printf "%T" }} {{ concat (list 1) (until 2) (splitList "," "a,b") }} {{ concat | toJson }} {{ slice (list) }}',
      "[[1 2] [3]] [] [2 3] [2] []string [1 0 1 a b] null <no value>",
    ],
  ]);
});

test("what is no list is an error that names its kind", () => {
  assertRenders([
    [
      '{{ first "x" }}',
      'template: tpl:1:3: executing "tpl" at <first "x">: error calling first: Cannot find first on type string',
    ],
    [
      "{{ mustPush 1 2 }}",
      'template: tpl:1:3: executing "tpl" at <mustPush 1 2>: error calling mustPush: Cannot push on type int',
    ],
    [
      '{{ has 1 "x" }}',
      'template: tpl:1:3: executing "tpl" at <has 1 "x">: error calling has: Cannot find has on type string',
    ],
    [
      '{{ chunk 2 "abc" }}',
      'template: tpl:1:3: executing "tpl" at <chunk 2 "abc">: error calling chunk: Cannot chunk type string',
    ],
    [
      '{{ slice "abc" 1 }}',
      'template: tpl:1:3: executing "tpl" at <slice "abc" 1>: error calling slice: list should be type of slice or array but string',
    ],
    [
      "{{ concat (list 1) 2 }}",
      'template: tpl:1:3: executing "tpl" at <concat (list 1) 2>: error calling concat: Cannot concat type int as list',
    ],
    [
      "{{ first nil }}",
      'template: tpl:1:3: executing "tpl" at <first nil>: error calling first: runtime error: invalid memory address or nil pointer dereference',
    ],
    [
      "{{ slice (list 1 2) 3 }}",
      'template: tpl:1:3: executing "tpl" at <slice (list 1 2) 3>: error calling slice: reflect.Value.Slice: slice index out of bounds',
    ],
    [
      "{{ chunk 0 (list 1) }}",
      'template: tpl:1:3: executing "tpl" at <chunk 0 (list 1)>: error calling chunk: runtime error: makeslice: len out of range',
    ],
  ]);
});

test("dictionaries are read and changed in place", () => {
  assertRenders([
    [
      '{{ $d := dict "a" 1 "b" }}{{ $e := set $d "c" 3 }}{{ $e = unset $d "a" }}{{ $d }} {{ get $d "c" }} {{ get $d "x" | printf "%q" }} {{ hasKey $d "b" }} {{ keys $d | sortAlpha }} {{ values (dict "a" 1) }} {{ pick $d "c" "x" }} {{ omit $d "c" }} {{ pluck "c" $d (dict) (dict "c" nil) }} {{ dict 1 2 true 3 }}',
      'map[b: c:3] 3 "" true [b c] [1] map[c:3] map[b:] [3 <nil>] map[1:2 true:3]',
    ],
  ]);
});

test("dig looks level by level", () => {
  assertRenders([
    [
      '{{ dig "a" "b" "none" (dict "a" (dict "b" 1)) }} {{ dig "a" "c" "none" (dict "a" (dict "b" 1)) }} {{ dig "x" "b" "none" (dict) }}',
      "1 none none",
    ],
    [
      '{{ dig "a" "b" "none" (dict "a" 1) }}',
      'template: tpl:1:3: executing "tpl" at <dig "a" "b" "none" (dict "a" 1)>: error calling dig: interface conversion: interface {} is int, not map[string]interface {}',
    ],
    [
      '{{ dig "a" "none" . }}',
      'template: tpl:1:3: executing "tpl" at <dig "a" "none" .>: error calling dig: interface conversion: interface {} is map[string]string, not map[string]interface {}',
    ],
    [
      '{{ dig "a" (dict) }}',
      'template: tpl:1:3: executing "tpl" at <dig "a" (dict)>: error calling dig: dig needs at least three arguments',
    ],
    [
      '{{ dig 1 "x" (dict) }}',
      'template: tpl:1:3: executing "tpl" at <dig 1 "x" (dict)>: error calling dig: interface conversion: interface {} is int, not string',
    ],
  ]);
});

test("merge keeps what the first one has, mergeOverwrite does not", () => {
  assertRenders([
    [
      '{{ merge (dict "a" 1 "e" "" "l" (list 1) "m" (dict "x" 1)) (dict "a" 2 "b" 3 "e" "f" "l" (list 2) "m" (dict "x" 2 "y" 3) "n" nil) | toJson }}',
      '{"a":1,"b":3,"e":"f","l":[1],"m":{"x":1,"y":3}}',
    ],
    [
      '{{ mergeOverwrite (dict "a" 1 "l" (list 1) "m" (dict "x" 1)) (dict "a" "" "l" (list) "m" (dict "x" 2) "n" nil) | toJson }}',
      '{"a":"","l":[],"m":{"x":2},"n":null}',
    ],
    ['{{ $d := dict "q" 1 }}{{ $m := merge $d (dict "a" 1) (dict "a" 2 "b" 3) }}{{ $d }}', "map[a:1 b:3 q:1]"],
    ['{{ merge (dict "a" (semver "1")) (dict "a" (dict)) | printf "%q" }}', '""'],
    [
      '{{ mustMerge (dict "a" (semver "1")) (dict "a" (dict)) }}',
      'template: tpl:1:3: executing "tpl" at <mustMerge (dict "a" (semver "1")) (dict "a" (dict))>: error calling mustMerge: src and dst must be of same type',
    ],
  ]);
});

test("copies go all the way down", () => {
  assertRenders([
    [
      '{{ $d := dict "a" (dict "b" (list 1)) }}{{ $c := deepCopy $d }}{{ $_ := set $c.a "b" 2 }}{{ $d }}{{ $c }} {{ deepCopy (list 1 nil "x") }}',
      "map[a:map[b:[1]]]map[a:map[b:2]] [1 <nil> x]",
    ],
    [
      "{{ deepCopy nil }}",
      'template: tpl:1:3: executing "tpl" at <deepCopy nil>: error calling deepCopy: reflect: call of reflect.Value.Type on zero Value',
    ],
  ]);
});

test("defaults are taken for empty values", () => {
  assertRenders([
    [
      '{{ default "d" "" }}{{ default "d" 0 }}{{ default "d" false }}{{ default "d" (list) }}{{ default "d" nil }}{{ default "d" "x" }}{{ default "d" }} {{ coalesce 0 "" "c" }} {{ coalesce }} {{ all 1 "" }} {{ all }} {{ any 0 "a" }} {{ any }} {{ empty (dict) }} {{ empty (toDate "2006" "2020") }} {{ ternary "y" "n" true }} {{ true | ternary "y" "n" }} {{ ternary "y" "n" false }}',
      "dddddxd c <no value> false true true false true false y y n",
    ],
    ['{{ fail "no way" }}', 'template: tpl:1:3: executing "tpl" at <fail "no way">: error calling fail: no way'],
    ["{{ ternary 1 2 3 }}", 'template: tpl:1:15: executing "tpl" at <3>: expected bool; found 3'],
  ]);
});

test("types and kinds are Go's", () => {
  assertRenders([
    [
      '{{ typeOf 1 }} {{ typeOf nil }} {{ typeOf (list) }} {{ typeOf (dict) }} {{ typeOf (split "," "a") }} {{ typeOf (toDate "2006" "2020") }} {{ kindOf nil }} {{ kindOf (semver "1") }} {{ kindOf 1.5 }} {{ kindOf (list) }} {{ kindIs "map" (dict) }} {{ typeIs "string" "x" }} {{ typeIsLike "semver.Version" (semver "1") }} {{ deepEqual (list 1 (dict "a" 1)) (list 1 (dict "a" 1)) }} {{ deepEqual 1 1.0 }} {{ deepEqual (rest (list)) (list) }}',
      "int <nil> []interface {} map[string]interface {} map[string]string time.Time invalid ptr float64 slice true true true true false false",
    ],
  ]);
});
