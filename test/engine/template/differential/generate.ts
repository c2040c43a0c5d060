/** Generates templates from a grammar of Go's text/template: mostly sound ones, and some that must fail. */
import type { Random } from "./random.ts";
import { DATA, EXPRESSIONS, FUNCTIONS, LITERALS, type Signature, type Type } from "./vocabulary.ts";

/** How deep expressions and statements are nested at most. */
const MAX_DEPTH = 3;
/** How often an expression of another type than the wanted one is taken. */
const WRONG_TYPE = 0.01;

/** What is known at a place in the template. */
interface Place {
  readonly depth: number;
  /** Variables by name, with the type of their value. */
  readonly variables: readonly (readonly [name: string, type: Type])[];
  /** The type of the dot; `root` for the data. */
  readonly dot: Type | "root";
  readonly isInLoop: boolean;
  /** Whether the template `part` is defined. */
  readonly hasPart: boolean;
  /** Whether collections of variables may be used. Not so below functions that change them: a map in itself ends Go's program. */
  readonly mayShare: boolean;
}

const CHANGING = /^(?:set|unset|(?:must)?merge(?:Overwrite)?|(?:must)?Merge(?:Overwrite)?)$/;

const ROOT: Place = { depth: 0, variables: [], dot: "root", isInLoop: false, hasPart: false, mayShare: true };
const TYPES: readonly [Type, ...Type[]] = ["string", "string", "int", "float", "bool", "list", "dict", "any"];

/** One template. */
export function generateTemplate(random: Random): string {
  if (!random.chance(0.15)) return statements(random, ROOT);
  const part = statements(random, { ...ROOT, dot: "any", depth: 1 });
  return `{{ define "part" }}[${part}]{{ end }}${statements(random, { ...ROOT, hasPart: true })}`;
}

function statements(random: Random, place: Place): string {
  let text = "";
  let variables = place.variables;
  const count = 1 + random.below(place.depth === 0 ? 4 : 2);
  for (let i = 0; i < count; i++) {
    const here = { ...place, variables };
    if (random.chance(0.15)) {
      const type = random.pick(TYPES);
      const name = `$v${variables.length}`;
      text += action(random, `${name} := ${pipeline(random, type, here)}`);
      variables = [...variables, [name, type]];
    } else text += statement(random, here);
  }
  return text;
}

function statement(random: Random, place: Place): string {
  const choice = place.depth >= MAX_DEPTH ? random.below(6) : random.below(13);
  switch (choice) {
    case 0:
      return random.pick(["text ", "\n", "  \n\t", "é😀", "a: ", "}} ", "%"]);
    case 6:
    case 7:
      return ifStatement(random, place);
    case 8:
    case 9:
      return rangeStatement(random, place);
    case 10:
      return withStatement(random, place);
    case 11:
      if (place.hasPart) return `{{ template "part" ${expression(random, "any", place)} }}`;
      return random.pick([
        "{{/* comment */}}",
        "{{- /* trimmed */ -}}",
        '{{ block "b" . }}B{{ end }}',
        "{{ $ | len }}",
      ]);
    case 12:
      if (place.isInLoop)
        return `{{ if ${expression(random, "bool", place)} }}${random.pick(["{{ break }}", "{{ continue }}"])}{{ end }}`;
      return assignment(random, place);
    default:
      return action(random, pipeline(random, random.pick(TYPES), place));
  }
}

function assignment(random: Random, place: Place): string {
  const variable = place.variables[random.below(place.variables.length)];
  if (variable === undefined) return action(random, pipeline(random, "string", place));
  return action(random, `${variable[0]} = ${pipeline(random, variable[1], place)}`);
}

const action = (random: Random, inside: string): string =>
  `${random.pick(["{{ ", "{{ ", "{{", "{{- "])}${inside}${random.pick([" }}", " }}", "}}", " -}}"])}`;

const inner = (place: Place, changes: Partial<Place> = {}): Place => ({ ...place, ...changes, depth: place.depth + 1 });

function ifStatement(random: Random, place: Place): string {
  const condition = () => pipeline(random, random.pick(["bool", "any", "string", "int", "list"]), place);
  const elseIf = random.chance(0.3) ? `{{ else if ${condition()} }}${statements(random, inner(place))}` : "";
  const orElse = random.chance(0.5) ? `{{ else }}${statements(random, inner(place))}` : "";
  return `{{ if ${condition()} }}${statements(random, inner(place))}${elseIf}${orElse}{{ end }}`;
}

function rangeStatement(random: Random, place: Place): string {
  const type = random.pick<Type>(["list", "list", "dict", "int"]);
  const over = type === "int" ? random.pick(["3", "0", "(int 2)", "-1"]) : expression(random, type, place);
  const [key, item] = [`$k${place.variables.length}`, `$i${place.variables.length}`];
  const [declared, variables] = random.pick<readonly [string, Place["variables"]]>([
    ["", []],
    [`${item} := `, [[item, type === "int" ? "int" : "any"]]],
    ...(type === "int"
      ? []
      : ([
          [
            `${key}, ${item} := `,
            [
              [key, type === "dict" ? "string" : "int"],
              [item, "any"],
            ],
          ],
        ] as const)),
  ]);
  const body = inner(place, {
    variables: [...place.variables, ...variables],
    dot: type === "int" ? "int" : "any",
    isInLoop: true,
  });
  const orElse = random.chance(0.3) ? `{{ else }}${statements(random, inner(place))}` : "";
  return `{{ range ${declared}${over} }}${statements(random, body)}${orElse}{{ end }}`;
}

function withStatement(random: Random, place: Place): string {
  const type = random.pick(TYPES);
  const name = `$w${place.variables.length}`;
  const isNamed = random.chance(0.4);
  const body = inner(place, {
    dot: type,
    variables: isNamed ? [...place.variables, [name, type]] : place.variables,
  });
  const orElse = random.chance(0.4) ? `{{ else }}${statements(random, inner(place))}` : "";
  const elseWith = random.chance(0.15) ? `{{ else with ${expression(random, "any", place)} }}E{{ . }}` : "";
  const value = pipeline(random, type, place);
  return `{{ with ${isNamed ? `${name} := ` : ""}${value} }}${statements(random, body)}${elseWith}${orElse}{{ end }}`;
}

function pipeline(random: Random, type: Type, place: Place): string {
  const last = functionGiving(random, type);
  const [input] = last === undefined ? [] : last.takes.slice(-1);
  if (last === undefined || input === undefined || random.chance(0.4)) return bare(expression(random, type, place));
  const below = argumentPlace(place, last);
  const args = last.takes.slice(0, -1).map((each) => expression(random, each, below));
  return `${pipeline(random, input, below)} | ${[last.name, ...args].join(" ")}`;
}

/** The outermost parentheses are not needed; without them it is another form for the parser. */
const bare = (text: string): string => (/^\((?!.*\).*\().*\)$/.test(text) ? text.slice(1, -1) : text);

function expression(random: Random, wanted: Type, place: Place): string {
  const type = wanted !== "small" && random.chance(WRONG_TYPE) ? random.pick(TYPES) : wanted;
  const roll = random.below(10);
  if (place.depth >= MAX_DEPTH || roll < 3) return leaf(random, type, place);
  if (roll < 5) return variableOf(random, type, place) ?? leaf(random, type, place);
  const chosen = functionGiving(random, type);
  if (chosen === undefined) return leaf(random, type, place);
  const takes =
    chosen.rest === undefined ? chosen.takes : Array.from({ length: random.below(4) }, () => chosen.rest ?? "any");
  const args = takes.map((each) => expression(random, each, argumentPlace(place, chosen)));
  return `(${[chosen.name, ...args].join(" ")})`;
}

const argumentPlace = (place: Place, { name }: Signature): Place =>
  inner(place, { mayShare: place.mayShare && !CHANGING.test(name) });

function functionGiving(random: Random, type: Type): Signature | undefined {
  const fitting = type === "any" ? FUNCTIONS : FUNCTIONS.filter(({ gives }) => gives === type);
  return fitting[random.below(fitting.length)];
}

function variableOf(random: Random, type: Type, { variables, dot, mayShare }: Place): string | undefined {
  if (!mayShare && (type === "dict" || type === "list" || type === "any")) return undefined;
  const fitting = variables.filter(([, each]) => each === type || type === "any").map(([name]) => name);
  if (dot === type || (type === "any" && dot !== "root")) fitting.push(".");
  return fitting[random.below(fitting.length)];
}

function leaf(random: Random, type: Type, place: Place): string {
  const own =
    type === "any"
      ? random.pick<Exclude<Type, "any">>(["string", "int", "int64", "float", "bool", "list", "dict"])
      : type;
  if (type === "any" && random.chance(0.3)) return random.pick(EXPRESSIONS);
  const names = Object.keys(DATA);
  const root = place.dot === "root" ? "" : "$";
  const field = `${root}.${random.chance(0.005) ? "absent" : names[random.below(names.length)]}`;
  if (own === "string" && random.chance(0.6)) return field;
  if (own === "dict" && random.chance(0.3)) return random.pick([`(fromJson ${root}.json)`, `(fromYaml ${root}.yaml)`]);
  if (own === "list" && random.chance(0.3))
    return random.pick([`(fromJson ${root}.list)`, `(splitList "," ${root}.csv)`]);
  return random.pick(LITERALS[own]);
}
