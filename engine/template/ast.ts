/** The parts of a parsed template. Positions are byte offsets in the template's text; texts are Go strings. */

/** A sequence of text, actions and control structures. */
export interface ListNode {
  readonly kind: "list";
  readonly position: number;
  readonly nodes: StatementNode[];
}

/** Text between actions. */
export interface TextNode {
  readonly kind: "text";
  readonly position: number;
  readonly text: string;
}

/** `{{ pipeline }}`. */
export interface ActionNode {
  readonly kind: "action";
  readonly position: number;
  readonly pipe: PipeNode;
}

/** `{{ if }}`, `{{ with }}` or `{{ range }}`. */
export interface BranchNode {
  readonly kind: "if" | "with" | "range";
  readonly position: number;
  readonly pipe: PipeNode;
  readonly list: ListNode;
  readonly elseList: ListNode | undefined;
}

/** `{{ template "name" pipeline }}`, also what a `{{ block }}` leaves behind. */
export interface TemplateNode {
  readonly kind: "template";
  readonly position: number;
  readonly name: string;
  readonly pipe: PipeNode | undefined;
}

/** `{{ break }}` or `{{ continue }}`. */
export interface JumpNode {
  readonly kind: "break" | "continue";
  readonly position: number;
}

/** Ends a list while parsing; never part of a tree. */
export interface EndNode {
  readonly kind: "end" | "else";
  readonly position: number;
}

/** Commands joined by `|`, with the variables that they declare or assign. */
export interface PipeNode {
  readonly kind: "pipe";
  readonly position: number;
  isAssign: boolean;
  readonly declarations: VariableNode[];
  readonly commands: CommandNode[];
}

/** A function, field or constant with its arguments. */
export interface CommandNode {
  readonly kind: "command";
  readonly position: number;
  readonly args: OperandNode[];
}

/** A function's name. */
export interface IdentifierNode {
  readonly kind: "identifier";
  readonly position: number;
  readonly name: string;
}

/** `.`, or the constant `nil`. */
export interface WordNode {
  readonly kind: "dot" | "nil";
  readonly position: number;
}

/** `.a.b`: the names without dots. */
export interface FieldNode {
  readonly kind: "field";
  readonly position: number;
  readonly names: readonly string[];
}

/** `$x.a.b`: the first name is the variable's, with its dollar sign. */
export interface VariableNode {
  readonly kind: "variable";
  readonly position: number;
  readonly names: readonly string[];
}

/** Fields of another operand: `(pipeline).a.b`. */
export interface ChainNode {
  readonly kind: "chain";
  readonly position: number;
  readonly node: OperandNode;
  readonly names: string[];
}

/** `true` or `false`. */
export interface BoolNode {
  readonly kind: "bool";
  readonly position: number;
  readonly value: boolean;
}

/** A string constant: as it is written, and what it stands for. */
export interface StringNode {
  readonly kind: "string";
  readonly position: number;
  readonly quoted: string;
  readonly value: string;
}

/** A number constant, as each type that can hold it. */
export interface NumberNode extends NumberForms {
  readonly kind: "number";
  readonly position: number;
  readonly text: string;
}

/** The forms that a number constant has; those that cannot hold it are undefined. */
export interface NumberForms {
  /** Within 64 bits, signed. */
  readonly int: bigint | undefined;
  /** Within 64 bits, unsigned. */
  readonly uint: bigint | undefined;
  readonly float: number | undefined;
  readonly complex: { readonly real: number; readonly imaginary: number } | undefined;
}

/** What a list holds. */
export type StatementNode = TextNode | ActionNode | BranchNode | TemplateNode | JumpNode;

/** What a command is made of. */
export type OperandNode =
  | IdentifierNode
  | WordNode
  | FieldNode
  | VariableNode
  | ChainNode
  | BoolNode
  | StringNode
  | NumberNode
  | PipeNode;

/** Every part that an error can point at. */
export type TemplateAstNode = ListNode | StatementNode | EndNode | CommandNode | OperandNode;
