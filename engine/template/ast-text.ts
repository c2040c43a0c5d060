/** The text of a template's part as Go writes it into errors: normal spacing, the constants as they were written. */

import type { BranchNode, ChainNode, CommandNode, PipeNode, TemplateAstNode, TemplateNode } from "./ast.ts";
import { quote } from "./fmt/quote.ts";

/** Writes a part back as template text, always with `{{` and `}}`. */
export function nodeText(node: TemplateAstNode): string {
  switch (node.kind) {
    case "list":
      return node.nodes.map(nodeText).join("");
    case "text":
      return node.text;
    case "action":
      return `{{${pipeText(node.pipe)}}}`;
    case "if":
    case "with":
    case "range":
      return branchText(node);
    case "template":
      return templateText(node);
    case "pipe":
      return pipeText(node);
    case "command":
      return commandText(node);
    case "chain":
      return chainText(node);
    case "break":
    case "continue":
    case "end":
    case "else":
      return `{{${node.kind}}}`;
    default:
      return wordText(node);
  }
}

function wordText(
  node: Exclude<TemplateAstNode, { kind: "list" | "text" | "action" | "if" | "with" | "range" | "template" }>,
): string {
  switch (node.kind) {
    case "identifier":
      return node.name;
    case "dot":
      return ".";
    case "field":
      return `.${node.names.join(".")}`;
    case "variable":
      return node.names.join(".");
    case "bool":
      return String(node.value);
    case "string":
      return node.quoted;
    case "number":
      return node.text;
    default:
      return node.kind;
  }
}

function branchText(node: BranchNode): string {
  const otherwise = node.elseList === undefined ? "" : `{{else}}${nodeText(node.elseList)}`;
  return `{{${node.kind} ${pipeText(node.pipe)}}}${nodeText(node.list)}${otherwise}{{end}}`;
}

function templateText(node: TemplateNode): string {
  return `{{template ${quote(node.name)}${node.pipe === undefined ? "" : ` ${pipeText(node.pipe)}`}}}`;
}

function pipeText(node: PipeNode): string {
  const commands = node.commands.map(commandText).join(" | ");
  if (node.declarations.length === 0) return commands;
  return `${node.declarations.map(nodeText).join(", ")} ${node.isAssign ? "=" : ":="} ${commands}`;
}

function commandText(node: CommandNode): string {
  return node.args.map((arg) => (arg.kind === "pipe" ? `(${pipeText(arg)})` : nodeText(arg))).join(" ");
}

function chainText(node: ChainNode): string {
  const start = node.node.kind === "pipe" ? `(${pipeText(node.node)})` : nodeText(node.node);
  return [start, ...node.names].join(".");
}
