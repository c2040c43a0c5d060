/** Generates YAML documents: mostly sound ones of every style, and texts that hardly are any. */
import type { Random } from "./random.ts";

const FRAGMENTS: readonly [string, ...string[]] = [
  ...([
    "a",
    "b",
    "foo",
    "bar baz",
    "1",
    "0x1F",
    "0b101",
    "017",
    "08",
    "1_000",
    "1.5",
    ".5",
    "-.inf",
    "~",
    "null",
  ] as const),
  ...[
    "yes",
    "no",
    "y",
    "n",
    "on",
    "Off",
    "true",
    "False",
    "2001-01-01",
    "12:30:45",
    "1e3",
    "1e400",
    "+5",
    "0o17",
    "<<",
    "=",
  ],
  ...[
    "é",
    "日本",
    "😀",
    "\u2028",
    "\u0085",
    "\t",
    '"q"',
    "'s'",
    '"a\\nb"',
    '"\\u00e9\\x41\\\n  b"',
    "'it''s'",
    "#c",
    " # c",
  ],
  ...["&a", "*a", "&b ", "*b", "!!str", "!!int", "!!float", "!!binary", "!foo", "!<tag:yaml.org,2002:str>", "!e!x"],
  ...["|", "|-", "|+", "|2", ">", "> ", ">-", "- ", "? ", ": ", ":", "{", "}", "[", "]", ",", " ", "  ", "\n", "\n  "],
  ...[
    "\n- ",
    "\n    ",
    "---\n",
    "...\n",
    "%YAML 1.1\n",
    "@",
    "`",
    "%",
    "?x",
    ":x",
    "-x",
    "a:b",
    "a#b",
    "x: y",
    "k:\n  - 1\n",
  ],
  ...[
    "\r\n",
    "\\",
    "_",
    "18446744073709551615",
    "-9223372036854775808",
    "0.1",
    "3.14159265358979",
    "123456789.0",
    "1e21",
  ],
];

/** One document. */
export function generateYaml(random: Random): string {
  if (random.chance(0.3)) return Array.from({ length: 1 + random.below(10) }, () => random.pick(FRAGMENTS)).join("");
  return node(random, 4, "").replace(/^[\n ]/, "");
}

const onOneLine = (text: string): string => text.replaceAll("\n", " ");

function scalar(random: Random): string {
  const [one, two] = [random.pick(FRAGMENTS), random.pick(FRAGMENTS)];
  switch (random.below(8)) {
    case 0:
      return JSON.stringify(one + two);
    case 1:
      return `'${onOneLine((one + two).replaceAll("'", "''"))}'`;
    case 2:
      return random.pick(["&x ", "&y ", "!!str ", "!!int ", "!!float ", ""]) + onOneLine(one);
    case 3:
      return random.pick(["*x", "*y", "a", "12", "word and more", "x"]);
    default:
      return onOneLine(one);
  }
}

function node(random: Random, depth: number, indent: string): string {
  switch (depth <= 0 ? 0 : random.below(9)) {
    case 1:
    case 2:
      return `\n${lines(random, 4, () => {
        const key = random.chance(0.1) ? "<<" : scalar(random);
        return `${indent}${key}:${node(random, depth - 1, indent + random.pick([" ", "  ", "    "]))}`;
      })}`;
    case 3:
    case 4:
      return `\n${lines(random, 3, () => `${indent}-${node(random, depth - 1, `${indent}  `)}`)}`;
    case 5:
      return ` ${flow(random)}${random.pick(["", " # c"])}\n`;
    case 6: {
      const header = random.pick(["|", ">", "|-", ">+", "|+", ">-", "|2", ">1"]);
      const starts = [indent, `${indent}  `, indent, ""] as const;
      return ` ${header}\n${lines(random, 5, () => `${random.pick(starts)}${onOneLine(random.pick(FRAGMENTS))}\n`)}`;
    }
    case 7:
      return random.pick([" &x\n", " &y", " !!map\n", ""]) + node(random, depth - 1, indent);
    default:
      return ` ${scalar(random)}\n`;
  }
}

function lines(random: Random, most: number, line: () => string): string {
  return Array.from({ length: 1 + random.below(most) }, line).join("");
}

function flow(random: Random): string {
  switch (random.below(5)) {
    case 0:
      return `[${flow(random)}, ${flow(random)}${random.pick(["", ",", ""])}]`;
    case 1:
      return `{${scalar(random)}${random.pick([": ", ":", " : "])}${flow(random)}${random.pick(["", `, ${scalar(random)}`])}}`;
    default:
      return scalar(random);
  }
}
