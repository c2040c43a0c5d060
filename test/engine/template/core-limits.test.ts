/** Bounds that end a hostile template, and what a template cannot reach. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { TemplateLimitExceeded } from "../../../engine/template/index.ts";
import { DATA, dataMap, outcome, render } from "./core-fixture.ts";

function assertLimit(text: string, message: RegExp, limits = {}): void {
  assert.throws(
    () => render(text, { limits }),
    (error) => {
      assert.ok(error instanceof TemplateLimitExceeded);
      assert.match(error.message, message);
      return true;
    },
    text,
  );
}

test("output is bounded, and the error says where it was passed", () => {
  assert.equal(render("{{range 10}}x{{end}}", { limits: { outputBytes: 10 } }), "xxxxxxxxxx");
  assertLimit("{{range 11}}x{{end}}", /^template: tpl:1:12: executing "tpl" at <x>: more than 10 bytes of output$/, {
    outputBytes: 10,
  });
});

test("steps are bounded in loops, and by what functions report", () => {
  assertLimit("{{range 1000000000}}{{end}}", /more than 1000 steps/, { steps: 1000 });
  assertLimit("{{work 5000000}}{{work 5000000}}", /more than 6000000 steps/, { steps: 6_000_000 });
  assertLimit('{{$x := "xxxxxxxx"}}{{range 100}}{{$x = printf "%s%s" $x $x}}{{end}}', /more than 20000000 steps/);
  assertLimit('{{range 10000}}{{$_ := printf "%999999d" 1}}{{end}}', /more than 20000000 steps/);
});

test("time is bounded by the clock that is handed in", () => {
  let now = 0;
  const context = { now: () => now++, randomBytes: (length: number) => new Uint8Array(length) };
  assert.throws(
    () => render("{{range 1000000}}{{end}}", { context, limits: { timeMs: 20 } }),
    /more than 20 milliseconds/,
  );
  assert.equal(render("{{range 10}}{{.}}{{end}}", { context, limits: { timeMs: 20 } }), "0123456789");
});

test("templates that call themselves end at the depth limit, and may use all of it", () => {
  const define = '{{define "r"}}{{if .}}{{range list 1}}{{template "r" (slice $ 1)}}{{end}}{{end}}{{end}}';
  assert.equal(render(`${define}{{template "r" "${"x".repeat(999)}"}}`), "");
  assertLimit('{{define "r"}}{{template "r"}}{{end}}{{template "r"}}', /more than 1000 templates call one another/);
});

test("nesting of control structures and parentheses is bounded while parsing", () => {
  const nested = (depth: number) => `${"{{if 1}}".repeat(depth)}x${"{{end}}".repeat(depth)}`;
  const open = (depth: number) => `{{${"(".repeat(depth)}1${")".repeat(depth)}}}`;
  assert.equal(render(nested(500)), "x");
  assert.equal(render(open(500)), "1");
  assertLimit(nested(501), /^template: tpl:1: more than 500 control structures are nested$/);
  assertLimit(nested(100_000), /more than 500 control structures are nested/);
  assertLimit(open(100_000), /max expression depth exceeded/);
});

test("a map that holds itself does not print forever", () => {
  const data = dataMap({});
  data.entries.set("self", data);
  assert.throws(() => render("{{.}}", { data }), TemplateLimitExceeded);
});

test("names of JavaScript's own properties are keys like any other", () => {
  for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty", "prototype"]) {
    const missing = `template: tpl:1:3: executing "tpl" at <.${name}>: map has no entry for key "${name}"`;
    assert.equal(outcome(`{{ .${name} }}`), missing);
    assert.match(outcome(`{{(p).${name}}}`), /can't evaluate field .* in type main\.P$/);
    assert.match(outcome(`{{(1).${name}}}`), /can't evaluate field .* in type int$/);
    assert.match(outcome(`{{${name}}}`), /^template: tpl:1: function "\w+" not defined$/);
    assert.equal(render(`[{{index . "${name}"}}]`), "[]");
  }
  assert.equal(render("{{.constructor}}", { data: dataMap({ ...DATA, constructor: "builder" }) }), "builder");
});
