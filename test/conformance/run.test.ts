/** The conformance cases' program: what it prints and how it exits. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const folder = mkdtempSync(join(tmpdir(), "conformance-run-"));
after(() => rmSync(folder, { recursive: true }));

function runProgram(...files: readonly string[]) {
  const program = join(import.meta.dirname, "run.ts");
  return spawnSync(process.execPath, [program, ...files], { encoding: "utf8", timeout: 20_000 });
}

function fileOf(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

const EMPTY = {
  name: "empty",
  kind: "ExternalSecret",
  object: {},
  expectErr: "either data or dataFrom should be specified",
};

test("it exits 0 when all cases pass", () => {
  const { status, stdout } = runProgram(fileOf("validation.json", { cases: [EMPTY] }));
  assert.equal(stdout.trim().split("\n").at(-1), "1 passed, 0 failed");
  assert.equal(status, 0);
});

test("it names a failed case with what was expected and got, and exits 1", () => {
  const { status, stdout } = runProgram(fileOf("validation.json", { cases: [EMPTY, { ...EMPTY, expectErr: null }] }));
  assert.match(stdout, /FAILED .*validation\.json: empty\n {2}expected null\n {2}got {6}"either data or dataFrom/);
  assert.equal(stdout.trim().split("\n").at(-1), "1 passed, 1 failed");
  assert.equal(status, 1);
});

test("it says which kind it does not know, runs the other files, and exits 2", () => {
  const unknown = fileOf("astrology.json", { cases: [EMPTY] });
  const { status, stdout, stderr } = runProgram(unknown, fileOf("validation.json", { cases: [EMPTY] }));
  assert.match(stderr, /error: .*astrology\.json: unknown kind "astrology"; known are conversion/);
  assert.equal(stdout.trim(), "1 passed, 0 failed");
  assert.equal(status, 2);
});

test("it exits 2 when a file is not there or none is named", () => {
  assert.equal(runProgram(join(folder, "absent", "validation.json")).status, 2);
  assert.equal(runProgram().status, 2);
});

test("it runs the files of a folder whose kind is known", () => {
  fileOf("validation.json", { cases: [EMPTY] });
  fileOf("unrelated.json", {});
  const { status, stdout } = runProgram(folder);
  assert.equal(stdout.trim().split("\n").at(-1), "1 passed, 0 failed");
  assert.equal(status, 0);
});
