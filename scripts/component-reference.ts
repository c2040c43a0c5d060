/** Tables of the components' arguments in the documentation, made of their declarations: `<!-- arguments: TYPE -->` stands before each. */
import { join } from "node:path";
import ts from "typescript";
import {
  type ArgumentProperty,
  ArgumentTypes,
  type Declaration,
  membersOf,
} from "./component-schema/argument-types.ts";
import { projectFolder } from "./run-step.ts";

/** `own` leaves out what the type inherits; `in FOLDER` tells types of one name apart. */
const BLOCK = /(<!-- arguments: (\w+)( own)?(?: in ([\w/-]+))? -->\n)[\s\S]*?(<!-- end of arguments -->)/g;

/** Types that no page explains: what they stand for is said by the docstring. */
const SHORT_NAMES: Readonly<Record<string, string>> = { StringMap: "Input<Record<string, Input<string>>>" };

/**
 * The text with each table as the declarations are now. A block is `<!-- arguments: TYPE -->`, with ` own` behind the type to leave out
 * what it inherits, or ` in FOLDER` for a type below `components/FOLDER`, and ends with `<!-- end of arguments -->`.
 * @throws Error where a type is not declared in `components/`.
 */
export function withArgumentTables(text: string): string {
  if (!text.includes("<!-- arguments:")) return text;
  const components = join(projectFolder, "components");
  const types = new ArgumentTypes(components);
  return text.replace(
    BLOCK,
    (_, head: string, name: string, own: string | undefined, folder: string | undefined, tail: string) => {
      const declared = folder === undefined ? types : new ArgumentTypes(join(components, folder));
      return `${head}\n${tableOf(declared, name, own !== undefined)}\n\n${tail}`;
    },
  );
}

function tableOf(types: ArgumentTypes, name: string, isOwn: boolean): string {
  const declaration = types.find(name);
  const properties = declaration === undefined ? [] : propertiesOf(types, declaration, isOwn);
  if (properties.length === 0) throw new Error(`components/ declares no interface or union ${name}`);
  return ["| argument | type | |", "|---|---|---|", ...properties.map(rowOf)].join("\n");
}

function propertiesOf(types: ArgumentTypes, declaration: Declaration, isOwn: boolean): readonly ArgumentProperty[] {
  if (ts.isInterfaceDeclaration(declaration)) {
    return isOwn ? membersOf(declaration.members) : types.propertiesOf(declaration);
  }
  if (!ts.isTypeAliasDeclaration(declaration) || !ts.isUnionTypeNode(declaration.type)) return [];
  return unionProperties(declaration.type);
}

/** Of forms that exclude each other: each property once, and needed where every form needs it. */
function unionProperties({ types }: ts.UnionTypeNode): readonly ArgumentProperty[] {
  const forms = types.map((type) => (ts.isTypeLiteralNode(type) ? membersOf(type.members) : []));
  const merged = new Map<string, ArgumentProperty>();
  for (const property of forms.flat()) {
    if (property.type.kind === ts.SyntaxKind.NeverKeyword || merged.has(property.name)) continue;
    const isNeeded = forms.every((form) => form.some(({ name, isOptional }) => name === property.name && !isOptional));
    merged.set(property.name, { ...property, isOptional: !isNeeded });
  }
  return [...merged.values()];
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
