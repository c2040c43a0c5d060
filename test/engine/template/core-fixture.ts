/** Renders templates with a few functions that make values of all types; what is expected was recorded from Go 1.26. */

import assert from "node:assert/strict";
import { sprint } from "../../../engine/template/fmt/index.ts";
import {
  GoError,
  GoFunction,
  GoMap,
  GoNumber,
  GoSlice,
  GoStruct,
  type GoValue,
  goString,
  textOf,
} from "../../../engine/template/go-value.ts";
import {
  type CompileOptions,
  compileTemplate,
  type ExecuteOptions,
  TemplateError,
} from "../../../engine/template/index.ts";

/** Data of every template here, as a backend would give it: strings only. */
export const DATA: Readonly<Record<string, string>> = {
  user: "admin",
  pass: "p@ss\"w<o>rd&'x",
  empty: "",
  num: "42",
  uni: "héllo €",
};

/** How a template of a test is compiled and executed. */
export interface RenderOptions extends CompileOptions, Partial<ExecuteOptions> {
  readonly data?: GoValue;
}

/** The output as text. `text` is compiled as UTF-8. */
export function render(text: string, options: RenderOptions = {}): string {
  return Buffer.from(renderBytes(Buffer.from(text), options)).toString("utf8");
}

/** The output's bytes for a template of bytes. */
export function renderBytes(text: Uint8Array, options: RenderOptions = {}): Uint8Array {
  const template = compileTemplate("tpl", text, { functions: testFunctions, ...options });
  return template.execute(options.data ?? dataMap(DATA), {
    missingKey: "error",
    context: { now: () => 0, randomBytes: (length) => new Uint8Array(length) },
    ...options,
  });
}

/** What a template gives: its output, or its error's message. */
export function outcome(text: string, options: RenderOptions = {}): string {
  try {
    return render(text, options);
  } catch (error) {
    if (error instanceof TemplateError) return error.message;
    throw error;
  }
}

/** Checks that templates give the outcomes at their side. */
export function assertOutcomes(cases: readonly (readonly [template: string, expected: string])[]): void {
  for (const [template, expected] of cases) assert.equal(outcome(template), expected, template);
}

/** A map of Go strings. */
export function dataMap(data: Readonly<Record<string, string>>): GoMap {
  return new GoMap(new Map(Object.entries(data).map(([key, value]) => [goString(key), goString(value)])), "string");
}

const point = new GoStruct({
  type: "main.P",
  fields: new Map<string, GoValue>([
    ["A", 1n],
    ["B", "b"],
    ["c", 3n],
  ]),
  methods: {
    Hello: new GoFunction(
      "Hello",
      ["string"],
      ([name, ...rest]) => sprint(["hi ", name, 1n, new GoSlice(rest, "int")]),
      "int",
    ),
    Fail: new GoFunction("Fail", [], () => {
      throw new GoError("failed");
    }),
  },
});

const named = new GoStruct({ type: "main.S", fields: new Map([["A", 4n]]), print: () => "S<4>" });

/** The functions of the tests' templates. */
export const testFunctions: ReadonlyMap<string, GoFunction> = new Map(
  [
    new GoFunction("list", [], (items) => new GoSlice([...items]), "interface {}"),
    new GoFunction("dict", [], (items) => dictOf(items), "interface {}"),
    new GoFunction("strs", [], (items) => new GoSlice([...items], "string"), "string"),
    new GoFunction("ints", [], (items) => new GoSlice([...items], "int"), "int"),
    new GoFunction("bytes", ["string"], ([text]) => new GoSlice(Buffer.from(String(text), "latin1"))),
    new GoFunction("str", ["string"], ([text]) => text),
    new GoFunction("i64", ["int64"], ([value]) => value),
    new GoFunction("f64", ["float64"], ([value]) => value),
    new GoFunction("f32", ["float64"], ([value]) => new GoNumber("float32", Math.fround(Number(value)))),
    new GoFunction("boo", ["bool"], ([value]) => value),
    new GoFunction("u8", ["int"], ([value]) => new GoNumber("uint8", BigInt.asUintN(8, BigInt(String(value))))),
    new GoFunction("slc", ["[]interface {}"], ([list]) => BigInt(list instanceof GoSlice ? list.items.length : -1)),
    new GoFunction("mp", ["map[string]interface {}"], ([map]) => BigInt(map instanceof GoMap ? map.entries.size : -1)),
    new GoFunction("nilv", [], () => null),
    new GoFunction("p", [], () => point),
    new GoFunction("s", [], () => named),
    new GoFunction("fail", ["string"], ([message]) => {
      throw new GoError((isLiteral) => (isLiteral(0) ? textOf(String(message)) : "it failed"));
    }),
    new GoFunction("broken", [], () => {
      throw new TypeError("cannot read a secret");
    }),
    new GoFunction("work", ["int"], ([steps], context) => {
      context.spend(Number(steps));
      return "";
    }),
  ].map((one) => [one.name, one]),
);

function dictOf(items: readonly GoValue[]): GoMap {
  const entries = new Map<string, GoValue>();
  for (let index = 0; index + 1 < items.length; index += 2) entries.set(sprint([items[index]]), items[index + 1]);
  return new GoMap(entries);
}
