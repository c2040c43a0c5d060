/** Sprig's functions of dates and durations. */

import { test } from "node:test";
import { assertRenders } from "./sprig-fixture.ts";

test("each element of a layout is written", () => {
  assertRenders([
    [
      '{{ $t := toDate "2006-01-02T15:04:05.000000000Z07:00" "2024-02-09T15:04:05.120000000+05:30" }}{{ range list "2006 06 Jan January 1 01 Mon Monday 2 _2 02 __2 002 15 3 03 4 04 5 05 PM pm" "MST Z0700 Z070000 Z07 Z07:00 Z07:00:00 -0700 -070000 -07 -07:00 -07:00:00" ".000 .999 ,000000 .999999999 .00000" "Janet Month MSTx _2006 20060102" }}{{ $t.Format . }}\n{{ end }}',
      "2024 24 Feb February 2 02 Fri Friday 9  9 09  40 040 15 3 03 4 04 5 05 PM pm\n+0530 +0530 +053000 +05 +05:30 +05:30:00 +0530 +053000 +05 +05:30 +05:30:00\n.120 .12 ,120000 .12 .12000\nJanet Month +0530x _2024 20240209\n",
    ],
  ]);
});

test("dates are shown in zones with their abbreviations", () => {
  assertRenders([
    [
      '{{ range list "America/New_York" "Europe/Berlin" "Asia/Kolkata" "America/Sao_Paulo" "Australia/Lord_Howe" "Europe/London" "Asia/Tokyo" "Etc/GMT+5" "UTC" "Local" "" "Nope/Zone" "europe/berlin" "+01:00" }}{{ dateInZone "2006-01-02 15:04:05 MST -07:00" (int64 1719835200) . }}|{{ date_in_zone "15:04 MST" 1700000000 . }}\n{{ end }}',
      "2024-07-01 08:00:00 EDT -04:00|17:13 EST\n2024-07-01 14:00:00 CEST +02:00|23:13 CET\n2024-07-01 17:30:00 IST +05:30|03:43 IST\n2024-07-01 09:00:00 -03 -03:00|19:13 -03\n2024-07-01 22:30:00 +1030 +10:30|09:13 +11\n2024-07-01 13:00:00 BST +01:00|22:13 GMT\n2024-07-01 21:00:00 JST +09:00|07:13 JST\n2024-07-01 07:00:00 -05 -05:00|17:13 -05\n2024-07-01 12:00:00 UTC +00:00|22:13 UTC\n2024-07-01 12:00:00 UTC +00:00|22:13 UTC\n2024-07-01 12:00:00 UTC +00:00|22:13 UTC\n2024-07-01 12:00:00 UTC +00:00|22:13 UTC\n2024-07-01 12:00:00 UTC +00:00|22:13 UTC\n2024-07-01 12:00:00 UTC +00:00|22:13 UTC\n",
    ],
  ]);
});

test("numbers are seconds and times are themselves", () => {
  assertRenders([
    [
      '{{ date "2006-01-02 15:04:05" 1700000000 }} {{ date "2006" (int64 -62135596801) }} {{ htmlDate 0 }} {{ htmlDateInZone 1700000000 "Asia/Tokyo" }} {{ date "MST" (toDate "2006 MST" "2020 EST") }} {{ unixEpoch (toDate "2006-01-02" "2024-01-01") }}',
      "2023-11-14 22:13:20 0000 1970-01-01 2023-11-15 UTC 1704067200",
    ],
  ]);
});

test("texts are read by a layout", () => {
  assertRenders([
    [
      '{{ toDate "2006-01-02" "2024-02-29" }} {{ toDate "2006-01-02" "x" }} {{ toDate "Jan _2 06 3:04PM" "feb  3 69 12:05AM" }} {{ toDate "2006-002" "2024-366" }} {{ toDate "2006-01-02 15:04:05 MST" "2024-01-02 03:04:05 GMT+3" }} {{ toDate "15:04:05" "01:02:03.25" }} {{ toDate "2006-01-02T15:04:05Z07:00" "2024-01-02T03:04:05-02:30" }}',
      "2024-02-29 00:00:00 +0000 UTC 0001-01-01 00:00:00 +0000 UTC 1969-02-03 00:05:00 +0000 UTC 2024-12-31 00:00:00 +0000 UTC 2024-01-02 06:04:05 +0300 GMT+3 0000-01-01 01:02:03.25 +0000 UTC 2024-01-02 03:04:05 -0230 -0230",
    ],
  ]);
});

test("mustToDate says what is wrong", () => {
  assertRenders([
    [
      '{{ mustToDate "2006-01-02" "x" }}',
      'template: tpl:1:3: executing "tpl" at <mustToDate "2006-01-02" "x">: error calling mustToDate: parsing time "x" as "2006-01-02": cannot parse "x" as "2006"',
    ],
    [
      '{{ mustToDate "2006-01-02" "2023-02-29" }}',
      'template: tpl:1:3: executing "tpl" at <mustToDate "2006-01-02" "2023-02-29">: error calling mustToDate: parsing time "2023-02-29": day out of range',
    ],
    [
      '{{ mustToDate "2006-01-02" "2024-13-01" }}',
      'template: tpl:1:3: executing "tpl" at <mustToDate "2006-01-02" "2024-13-01">: error calling mustToDate: parsing time "2024-13-01": month out of range',
    ],
    [
      '{{ mustToDate "2006" "2024x" }}',
      'template: tpl:1:3: executing "tpl" at <mustToDate "2006" "2024x">: error calling mustToDate: parsing time "2024x": extra text: "x"',
    ],
    [
      '{{ mustToDate "15:04" "25:00" }}',
      'template: tpl:1:3: executing "tpl" at <mustToDate "15:04" "25:00">: error calling mustToDate: parsing time "25:00": hour out of range',
    ],
    [
      '{{ mustToDate "2006-002" "2023-366" }}',
      'template: tpl:1:3: executing "tpl" at <mustToDate "2006-002" "2023-366">: error calling mustToDate: parsing time "2023-366": day-of-year out of range',
    ],
    [
      '{{ mustToDate "Z07:00" "+25:00" }}',
      'template: tpl:1:3: executing "tpl" at <mustToDate "Z07:00" "+25:00">: error calling mustToDate: parsing time "+25:00": time zone offset hour out of range',
    ],
    [
      '{{ mustToDate "2006 é" "2024 \\xff" }}',
      'template: tpl:1:3: executing "tpl" at <mustToDate "2006 é" "2024 \\xff">: error calling mustToDate: parsing time "2024 \\xff" as "2006 \\xc3\\xa9": cannot parse "\\xff" as " \\xc3\\xa9"',
    ],
  ]);
});

test("times have Go's methods", () => {
  assertRenders([
    [
      '{{ $t := toDate "2006-01-02T15:04:05" "2024-02-29T13:14:15.5" }}{{ $t.Year }} {{ $t.Month }} {{ printf "%d" $t.Month }} {{ $t.Day }} {{ $t.Weekday }} {{ $t.YearDay }} {{ $t.Hour }} {{ $t.Nanosecond }} {{ $t.Unix }} {{ $t.UnixMilli }} {{ $t.UnixNano }} {{ $t.IsZero }} {{ $t.AddDate 1 0 0 }} {{ $t.AddDate 0 1 -40 }} {{ $t.Add 1500000000 }} {{ $t.Truncate 3600000000000 }} {{ $t.Round 86400000000000 }} {{ $t.UTC.Format "Jan" }} {{ $t.Location }}',
      "2024 February 2 29 Thursday 60 13 500000000 1709212455 1709212455500 1709212455500000000 false 2025-03-01 13:14:15.5 +0000 UTC 2024-02-18 13:14:15.5 +0000 UTC 2024-02-29 13:14:17 +0000 UTC 2024-02-29 13:00:00 +0000 UTC 2024-03-01 00:00:00 +0000 UTC Feb UTC",
    ],
    [
      '{{ $a := toDate "2006" "2024" }}{{ $b := toDate "2006-01-02 15:04" "2023-12-30 10:20" }}{{ $a.After $b }} {{ $a.Before $b }} {{ $a.Equal $a }} {{ $a.Compare $b }} {{ $a.Sub $b }} {{ ($a.Sub $b).Hours }} {{ ($b.Sub $a).Minutes }} {{ printf "%T" ($a.Sub $b) }}',
      "true false true 1 37h40m0s 37.666666666666664 -2260 time.Duration",
    ],
    [
      '{{ (toDate "2006" "2024").Nope }}',
      'template: tpl:1:18: executing "tpl" at <"2024">: can\'t evaluate field Nope in type time.Time',
    ],
    [
      '{{ (toDate "2006" "2024").Add (int64 5) }}',
      'template: tpl:1:37: executing "tpl" at <5>: wrong type for value; expected time.Duration; got int64',
    ],
  ]);
});

test("dates are changed by durations", () => {
  assertRenders([
    [
      '{{ $t := toDate "2006-01-02" "2024-02-29" }}{{ dateModify "-1.5h" $t }} {{ date_modify "bad" $t }} {{ mustDateModify "24h" $t }} {{ must_date_modify "1h1m1s1ms1us1ns" $t }}',
      "2024-02-28 22:30:00 +0000 UTC 2024-02-29 00:00:00 +0000 UTC 2024-03-01 00:00:00 +0000 UTC 2024-02-29 01:01:01.001001001 +0000 UTC",
    ],
    [
      '{{ mustDateModify "" (toDate "2006" "2024") }}',
      'template: tpl:1:3: executing "tpl" at <mustDateModify "" (toDate "2006" "2024")>: error calling mustDateModify: time: invalid duration ""',
    ],
    [
      '{{ mustDateModify "x" (toDate "2006" "2024") }}',
      'template: tpl:1:3: executing "tpl" at <mustDateModify "x" (toDate "2006" "2024")>: error calling mustDateModify: time: invalid duration "x"',
    ],
    [
      '{{ mustDateModify "1" (toDate "2006" "2024") }}',
      'template: tpl:1:3: executing "tpl" at <mustDateModify "1" (toDate "2006" "2024")>: error calling mustDateModify: time: missing unit in duration "1"',
    ],
    [
      '{{ mustDateModify "1d" (toDate "2006" "2024") }}',
      'template: tpl:1:3: executing "tpl" at <mustDateModify "1d" (toDate "2006" "2024")>: error calling mustDateModify: time: unknown unit "d" in duration "1d"',
    ],
    [
      '{{ mustDateModify "9223372036854775808ns" (toDate "2006" "2024") }}',
      'template: tpl:1:3: executing "tpl" at <mustDateModify "9223372036854775808ns" (toDate "2006" "2024")>: error calling mustDateModify: time: invalid duration "9223372036854775808ns"',
    ],
    [
      '{{ mustDateModify ".s" (toDate "2006" "2024") }}',
      'template: tpl:1:3: executing "tpl" at <mustDateModify ".s" (toDate "2006" "2024")>: error calling mustDateModify: time: invalid duration ".s"',
    ],
  ]);
});

test("durations are written and rounded", () => {
  assertRenders([
    [
      '{{ duration "95" }} {{ duration 95 }} {{ duration (int64 3661) }} {{ duration "x" }} {{ duration (int64 -5) }} {{ durationRound "2h10m5s" }} {{ durationRound "2400h10m5s" }} {{ durationRound "-8761h" }} {{ durationRound "1s" }} {{ durationRound (int64 61000000000) }} {{ durationRound "x" }} {{ durationRound 5 }}',
      "1m35s 0s 1h1m1s 0s -5s 2h 3mo 1y 0s 1m 0s 0s",
    ],
  ]);
});
