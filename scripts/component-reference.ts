/** Tables of the components' arguments in the documentation, made of their declarations: `<!-- arguments: TYPE -->` stands before each. */
import { join } from "node:path";
import ts from "typescript";
import { type ArgumentProperty, ArgumentTypes, membersOf } from "./component-schema/argument-types.ts";
import { projectFolder } from "./run-step.ts";

/** `own` leaves out what the type inherits. */
const BLOCK = /(<!-- arguments: (\w+)( own)? -->\n)[\s\S]*?(<!-- end of arguments -->)/g;

/** Types that no page explains: what they stand for is said by the docstring. */
const SHORT_NAMES: Readonly<Record<string, string>> = { StringMap: "Input<Record<string, Input<string>>>" };

/**
 * The text with each table as the declarations are now. A block is `<!-- arguments: TYPE -->`, with ` own` behind the type to leave out
 * what it inherits, and ends with `<!-- end of arguments -->`.
 * @throws Error where a type is not declared in `components/`.
 */
export function withArgumentTables(text: string): string {
  if (!text.includes("<!-- arguments:")) return text;
  const types = new ArgumentTypes(join(projectFolder, "components"));
  return text.replace(
    BLOCK,
    (_, head: string, name: string, own: string | undefined, tail: string) =>
      `${head}\n${tableOf(types, name, own !== undefined)}\n\n${tail}`,
  );
}

function tableOf(types: ArgumentTypes, name: string, isOwn: boolean): string {
  const declaration = types.find(name);
  if (declaration === undefined || !ts.isInterfaceDeclaration(declaration)) {
    throw new Error(`components/ declares no interface ${name}`);
  }
  const properties = isOwn ? membersOf(declaration.members) : types.propertiesOf(declaration);
  return ["| argument | type | |", "|---|---|---|", ...properties.map(rowOf)].join("\n");
}

function rowOf({ name, type, isOptional, description }: ArgumentProperty): string {
  const needed = isOptional ? "" : "**Needed.** ";
  return `| \`${name}\` | \`${cell(typeText(type))}\` | ${needed}${cell(description)} |`;
}

function typeText(type: ts.TypeNode): string {
  const text = type
    .getText()
    .replaceAll(/\breadonly /g, "")
    .replaceAll(/\s+/g, " ")
    .replace(/^\| /, "");
  return SHORT_NAMES[text] ?? text;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/\s+/g, " ").trim();
}
