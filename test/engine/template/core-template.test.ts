/** Options, bytes and error messages of templates. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { compileTemplate, TemplateError } from "../../../engine/template/index.ts";
import { dataMap, outcome, render, renderBytes } from "./core-fixture.ts";

test("a key that is missing is an error only if that is asked for", () => {
  assert.equal(render("[{{.nope}}]", { missingKey: "default" }), "[<no value>]");
  assert.equal(render("{{if .nope}}a{{else}}b{{end}}", { missingKey: "default" }), "b");
  assert.equal(render("[{{.nope.deeper}}]", { missingKey: "default" }), "[<no value>]");
  assert.match(outcome("{{.nope}}"), /map has no entry for key "nope"$/);
});

test("other delimiters replace the usual ones", () => {
  const delimiters = { leftDelimiter: "<%", rightDelimiter: "%>" };
  assert.equal(render("<%.user%>{{x}}<%- .user -%> z", delimiters), "admin{{x}}adminz");
  assert.equal(render("<%/* c */%>", delimiters), "");
  assert.equal(render("||.user|| x ||.user | print||", { leftDelimiter: "||", rightDelimiter: "||" }), "admin x admin");
  assert.equal(render("{{.user}}", { leftDelimiter: "", rightDelimiter: "" }), "admin");
});

test("bytes that are no UTF-8 pass through in text and values", () => {
  const data = dataMap({});
  data.entries.set("raw", "\x00\xff\xfe");
  const text = Buffer.from("\xff{{.raw}}\xc3\xa9\x80", "latin1");
  assert.deepEqual(Buffer.from(renderBytes(text, { data })), Buffer.from("\xff\x00\xff\xfe\xc3\xa9\x80", "latin1"));
});

test("a compiled template can be executed again with other data", () => {
  const template = compileTemplate("t", Buffer.from("{{$x := .a}}{{range 2}}{{$x}}{{end}}"));
  const context = { now: () => 0, randomBytes: (length: number) => new Uint8Array(length) };
  for (const a of ["1", "2"]) {
    assert.equal(Buffer.from(template.execute(dataMap({ a }), { context })).toString(), a + a);
  }
});

test("an unknown key of the data, function, variable or template is answered with the nearest names", () => {
  assert.match(outcome("{{.usr}}"), /map has no entry for key "usr"; did you mean "user"\?$/);
  assert.match(outcome("{{prnt 1}}"), /function "prnt" not defined; did you mean "print"\?$/);
  assert.match(outcome("{{$value := 1}}{{$valeu}}"), /undefined variable "\$valeu"; did you mean "\$value"\?$/);
  assert.match(outcome('{{define "header"}}{{end}}{{template "haeder"}}'), /not defined; did you mean "header"\?$/);
});

test("keys inside a value are not offered: they may be secret", () => {
  assert.match(outcome('{{(dict "token1" 1).token2}}'), /map has no entry for key "token2"$/);
});

test("an error has the place and the phase", () => {
  const thrown = (text: string) => {
    try {
      render(text);
    } catch (error) {
      if (error instanceof TemplateError) return error;
    }
    return assert.fail(text);
  };
  const executing = thrown("a\n  {{ .nope }}");
  assert.deepEqual(
    [executing.phase, executing.templateName, executing.line, executing.column],
    ["execute", "tpl", 2, 5],
  );
  const parsing = thrown("a\n\n{{ end }}");
  assert.deepEqual([parsing.phase, parsing.line, parsing.column], ["parse", 3, undefined]);
});

test("no error holds a value of the data, but literals of the template are quoted", () => {
  const data = dataMap({ secret: "canary-7391", pin: "7391" });
  const texts = [
    "{{range .secret}}{{end}}",
    "{{fail .secret}}",
    "{{index .secret .secret}}",
    "{{slice .secret 900}}",
    "{{eq (list .secret) (list .secret)}}",
    "{{eq (list .secret) (dict .secret 1)}}",
    "{{.secret.x}}",
    "{{i64 .secret}}",
    "{{call .secret}}",
    "{{index (dict .secret 1) 5}}",
    "{{(dict .secret 1).x}}",
    "{{template .secret}}",
    "{{lt .secret 1}}",
    "{{range $i, $e := len .secret}}{{end}}",
  ];
  for (const text of texts) {
    const message = outcome(text, { data });
    assert.match(message, /^template: tpl:1/, text);
    assert.doesNotMatch(message, /canary|7391/, text);
  }
  assert.match(outcome('{{fail "boom"}}'), /error calling fail: boom$/);
  assert.match(outcome("{{index (list 1) 5}}"), /index out of range: 5$/);
  assert.match(outcome("{{index (list 1) (len .pass)}}"), /index out of range$/);
});

test("what a function throws by mistake is named by the function only", () => {
  assert.match(outcome("{{broken}}"), /error calling broken: it failed unexpectedly$/);
});
