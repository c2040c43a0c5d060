/** The types that the components' arguments are declared with, read from their sources: syntax only, so that it takes no time. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** A property of an argument type. */
export interface ArgumentProperty {
  readonly name: string;
  readonly type: ts.TypeNode;
  readonly isOptional: boolean;
  /** Its docstring as one paragraph. */
  readonly description: string;
}

/** What a name is declared as. */
export type Declaration = ts.InterfaceDeclaration | ts.TypeAliasDeclaration | ts.ClassDeclaration;

/** Declarations of the components' sources, by name. */
export class ArgumentTypes {
  readonly #declarations = new Map<string, Declaration>();

  /** Reads the sources below `folder`. */
  constructor(folder: string) {
    for (const file of globSync("**/*.ts", { cwd: folder }).sort()) {
      const text = readFileSync(join(folder, file), "utf8");
      for (const statement of ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true).statements) {
        if (isDeclaration(statement) && statement.name !== undefined) {
          this.#declarations.set(statement.name.text, statement);
        }
      }
    }
  }

  find(name: string): Declaration | undefined {
    return this.#declarations.get(name);
  }

  /** The properties of an interface, those that it inherits included. */
  propertiesOf(declaration: ts.InterfaceDeclaration): readonly ArgumentProperty[] {
    const inherited = (declaration.heritageClauses ?? []).flatMap(({ types }) =>
      types.flatMap(({ expression, typeArguments }) => {
        const isPartial = expression.getText() === "Partial";
        const parent = this.find((isPartial ? typeArguments?.[0] : expression)?.getText() ?? "");
        if (parent === undefined || !ts.isInterfaceDeclaration(parent)) return [];
        const properties = this.propertiesOf(parent);
        return isPartial ? properties.map((property) => ({ ...property, isOptional: true })) : properties;
      }),
    );
    return [...inherited, ...membersOf(declaration.members)];
  }

  /** The public properties of a class that are Outputs, and the reference of a store; those that it inherits come last. */
  outputsOf(className: string): readonly ArgumentProperty[] {
    const declaration = this.find(className);
    if (declaration === undefined || !ts.isClassDeclaration(declaration)) return [];
    const own = declaration.members.flatMap((member) => {
      if (!ts.isPropertyDeclaration(member) || member.type === undefined || !ts.isIdentifier(member.name)) return [];
      const name = member.name.text;
      const type = wrappedType(member.type, "Output") ?? (name === "ref" ? member.type : undefined);
      if (type === undefined) return [];
      return [{ name, type, isOptional: isMaybeUndefined(type), description: descriptionOf(member) }];
    });
    const inherited = (declaration.heritageClauses ?? []).flatMap(({ types }) =>
      types.flatMap(({ expression }) => this.outputsOf(expression.getText())),
    );
    return [...own, ...inherited];
  }
}

function isDeclaration(statement: ts.Statement): statement is Declaration {
  return (
    ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement) || ts.isClassDeclaration(statement)
  );
}

function isMaybeUndefined(type: ts.TypeNode): boolean {
  return ts.isUnionTypeNode(type) && type.types.some(({ kind }) => kind === ts.SyntaxKind.UndefinedKeyword);
}

/** What stands in the angle brackets of a type of that name: `Input<…>`. */
export function wrappedType(node: ts.TypeNode, name: string): ts.TypeNode | undefined {
  return ts.isTypeReferenceNode(node) && node.typeName.getText() === name ? node.typeArguments?.[0] : undefined;
}

/** The properties of a type literal or of an interface itself. */
export function membersOf(members: ts.NodeArray<ts.TypeElement>): readonly ArgumentProperty[] {
  return members.flatMap((member) => {
    if (!ts.isPropertySignature(member) || member.type === undefined) return [];
    return [
      {
        name: member.name.getText(),
        type: member.type,
        isOptional: member.questionToken !== undefined,
        description: descriptionOf(member),
      },
    ];
  });
}

/** Whether other names are permitted beside those that are declared. */
export function isOpen(members: ts.NodeArray<ts.TypeElement>): boolean {
  return members.some((member) => ts.isIndexSignatureDeclaration(member));
}

/** The docstring of a declaration as one paragraph; "" where there is none. */
export function descriptionOf(node: ts.Node): string {
  const comments = ts.getJSDocCommentsAndTags(node).filter((comment) => ts.isJSDoc(comment));
  const text = comments.map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? "").join(" ");
  return text.replaceAll(/\s+/g, " ").trim();
}
