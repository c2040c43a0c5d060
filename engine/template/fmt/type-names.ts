/** The names of Go's types and kinds for the values of a template. */

import { GoFunction, GoMap, GoNumber, GoSlice, GoStruct, type GoValue } from "../go-value.ts";

/** The type as `%T` prints it; `<nil>` for nil. */
export function typeName(value: GoValue): string {
  switch (typeof value) {
    case "string":
      return "string";
    case "bigint":
      return "int";
    case "number":
      return "float64";
    case "boolean":
      return "bool";
    case "undefined":
      return "<nil>";
  }
  if (value === null) return "<nil>";
  if (value instanceof GoMap) return `map[string]${value.element}`;
  if (value instanceof GoSlice) return `[]${value.element}`;
  if (value instanceof GoFunction) return functionType(value);
  return value.type;
}

/** The kind as `reflect.Kind` prints it: `string`, `slice`, `ptr`, …; `invalid` for nil. */
export function kindName(value: GoValue): string {
  if (value === undefined || value === null) return "invalid";
  if (value instanceof GoMap) return "map";
  if (value instanceof GoSlice) return "slice";
  if (value instanceof GoFunction) return "func";
  if (value instanceof GoNumber) return value.kind;
  if (value instanceof GoStruct) {
    if (value.type === "complex128") return value.type;
    return value.type.startsWith("*") ? "ptr" : "struct";
  }
  return typeName(value);
}

function functionType(value: GoFunction): string {
  const parameters: string[] = [...value.parameters];
  if (value.variadic !== undefined) parameters.push(`...${value.variadic}`);
  return `func(${parameters.join(", ")}) interface {}`;
}
