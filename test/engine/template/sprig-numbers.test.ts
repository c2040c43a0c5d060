/** Sprig's functions of numbers. */

import { test } from "node:test";
import { assertRenders } from "./sprig-fixture.ts";

test("integers are read as spf13/cast reads them", () => {
  assertRenders([
    [
      '{{ int "0x1F" }} {{ int "010" }} {{ int "08" }} {{ int "1.0" }} {{ int "1.5" }} {{ int "1_000" }} {{ int true }} {{ int nil }} {{ int 3.9 }} {{ int64 1e30 }} {{ int "99999999999999999999" }} {{ atoi "99999999999999999999" }} {{ atoi "x" }} {{ int (list 1) }} {{ toDecimal "777" }} {{ toDecimal 8 }}',
      "31 8 0 1 1 1000 1 0 3 -9223372036854775808 0 9223372036854775807 0 0 511 0",
    ],
  ]);
});

test("floats are read as Go reads them", () => {
  assertRenders([
    [
      '{{ float64 "1.5e3" }} {{ float64 "inf" }} {{ float64 "nan" }} {{ float64 "0x1p-2" }} {{ float64 "1e999" }} {{ float64 "1_0.5" }} {{ float64 "x" }} {{ float64 true }} {{ float64 9007199254740993 }}',
      "1500 +Inf NaN 0.25 0 10.5 0 1 9.007199254740992e+15",
    ],
  ]);
});

test("integers have 64 bits and wrap", () => {
  assertRenders([
    [
      '{{ add 1 "2" 3.9 }} {{ add }} {{ sub 1 2 }} {{ mul 2 3 4 }} {{ div 7 -2 }} {{ mod -7 2 }} {{ add1 9223372036854775807 }} {{ mul 4611686018427387904 2 }} {{ printf "%T %T" (add 1) (int 1) }}',
      "6 0 -1 24 -3 -1 -9223372036854775808 -9223372036854775808 int64 int",
    ],
    [
      "{{ div 1 0 }}",
      'template: tpl:1:3: executing "tpl" at <div 1 0>: error calling div: runtime error: integer divide by zero',
    ],
    [
      '{{ mod 1 "x" }}',
      'template: tpl:1:3: executing "tpl" at <mod 1 "x">: error calling mod: runtime error: integer divide by zero',
    ],
  ]);
});

test("floats are calculated as decimals", () => {
  assertRenders([
    [
      "{{ addf 0.1 0.2 }} {{ add1f 0.1 }} {{ subf 0.3 0.1 }} {{ mulf 1.1 1.1 }} {{ divf 10 3 }} {{ divf 1 3 3 }} {{ divf -2 3 }} {{ addf }} {{ mulf 1e200 1e200 }}",
      "0.3 1.1 0.2 1.21 3.3333333333333335 0.1111111111111111 -0.6666666666666667 0 +Inf",
    ],
    ["{{ divf 1 0 }}", 'template: tpl:1:3: executing "tpl" at <divf 1 0>: error calling divf: decimal division by 0'],
    [
      '{{ addf "inf" 1 }}',
      'template: tpl:1:3: executing "tpl" at <addf "inf" 1>: error calling addf: Cannot create a Decimal from +Inf',
    ],
  ]);
});

test("numbers are rounded as Go rounds them", () => {
  assertRenders([
    [
      '{{ round 123.555555 3 }} {{ round 123.5555 2 0.9 }} {{ round -2.5 0 }} {{ round 1234 -2 }} {{ round 1e22 1 }} {{ floor -1.5 }} {{ ceil 1.1 }} {{ floor "123.9" }}',
      "123.556 123.55 -3 1200 1e+22 -2 2 123",
    ],
  ]);
});

test("the greatest and the least are found", () => {
  assertRenders([
    [
      '{{ max 1 "3" 2.9 }} {{ biggest 1 2 }} {{ min 3 1 2 }} {{ maxf 1 1.5 "x" }} {{ minf 1 -1.5 }} {{ maxf "nan" "inf" }} {{ maxf "nan" 1 }} {{ printf "%T %T" (max 1) (maxf 1) }}',
      "3 2 1 1.5 -1.5 +Inf NaN int64 float64",
    ],
  ]);
});

test("sequences go up and down", () => {
  assertRenders([
    [
      '{{ until 3 }} {{ until -3 }} {{ untilStep 3 9 2 }} {{ untilStep 3 9 -2 }} {{ untilStep 9 3 -3 }}|{{ seq 3 }}|{{ seq -1 }}|{{ seq 2 5 }}|{{ seq 5 2 }}|{{ seq 0 2 9 }}|{{ seq 9 -3 0 }}|{{ seq 5 1 1 }}|{{ seq }}|{{ seq 1 2 3 4 }}|{{ printf "%T" (until 1) }}',
      "[0 1 2] [0 -1 -2] [3 5 7] [] [9 6]|1 2 3|1 0 -1|2 3 4 5|5 4 3 2|0 2 4 6 8|9 6 3 0||||[]int",
    ],
  ]);
});
