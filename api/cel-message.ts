/** Makes CEL that builds a message around a value of the object. */

/** Stands for the value while the text around it is made; no text has it. */
const PLACEHOLDER = "\u0000";

/**
 * The `messageExpression` that says a text with the value of a CEL expression in it.
 * @param text makes the text from the value, which must come in it once.
 * @param expression gives a string.
 */
export function celMessage(text: (value: string) => string, expression: string): string {
  const [before = "", after = ""] = text(PLACEHOLDER).split(PLACEHOLDER);
  return [JSON.stringify(before), expression, ...(after === "" ? [] : [JSON.stringify(after)])].join(" + ");
}
