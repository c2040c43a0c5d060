/** fmt's printer: writes one value after the other by a verb, in Go's form. */

import {
  GoError,
  GoFunction,
  GoMap,
  GoNumber,
  GoSlice,
  GoStruct,
  type GoValue,
  TemplateLimitExceeded,
} from "../go-value.ts";
import { complexParts } from "./complex.ts";
import { formatHexadecimal, formatInteger } from "./format-integer.ts";
import { formatComplexVerb, formatFloatVerb } from "./format-number.ts";
import { formatString } from "./format-string.ts";
import { Layout } from "./layout.ts";
import { kindName, typeName } from "./type-names.ts";

/** How deep lists and maps may hold one another when they are printed; a map that holds itself ends here. */
const MAX_PRINT_DEPTH = 500;

/** How long one printed value may get, in bytes: lists that hold one another twice at each level double with each. */
const MAX_PRINT_BYTES = 16 * 1024 * 1024;

/** Stands for every address: a template's output must not depend on where a value lies. */
const ADDRESS = 0xc000010000n;

/** The text so far and the layout of the verb at hand. One printer serves one call. */
export class Printer {
  layout = new Layout();
  output = "";
  /** Inside `%!verb(type=value)`: methods are not called. */
  private isReportingBadVerb = false;

  /** A value as an argument of its own. */
  printArgument(value: GoValue, verb: string): void {
    if (value === undefined || value === null) {
      if (verb === "T" || verb === "v") this.output += this.layout.pad("<nil>");
      else this.badVerb(value, verb);
    } else if (verb === "T") this.output += this.layout.pad(this.layout.truncate(typeName(value)));
    else if (verb === "p") this.printPointer(value, verb);
    else if (isBytes(value) && "vd".includes(verb)) {
      this.printBytes(value.items, verb, "[]byte");
    } else if (isBytes(value) || !this.printByMethod(value, verb)) this.printValue(value, verb, 0);
  }

  /** A value by its kind alone, at a depth inside another. */
  private printValue(value: GoValue, verb: string, depth: number): void {
    if (depth > MAX_PRINT_DEPTH) throw new TemplateLimitExceeded("a printed value is nested too deeply");
    if (this.output.length > MAX_PRINT_BYTES) throw new TemplateLimitExceeded("a printed value is too long");
    if (depth > 0 && this.printByMethod(value, verb)) return;
    if (value instanceof GoMap) this.printMap(value, verb, depth);
    else if (value instanceof GoSlice) this.printSlice(value, verb, depth);
    else if (value instanceof GoStruct && complexParts(value) === undefined) this.printStruct(value, verb, depth);
    else if (value instanceof GoFunction) this.printPointer(value, verb);
    else this.write(this.scalar(value, verb), value, verb);
  }

  private scalar(value: GoValue, verb: string): string | undefined {
    switch (typeof value) {
      case "string":
        return formatString(value, verb, this.layout);
      case "bigint":
        return formatInteger(value, verb, this.layout);
      case "number":
        return formatFloatVerb(value, 64, verb, this.layout);
      case "boolean":
        return verb === "t" || verb === "v" ? this.layout.pad(String(value)) : undefined;
    }
    const complex = complexParts(value);
    if (complex !== undefined) return formatComplexVerb(complex, verb, this.layout);
    if (!(value instanceof GoNumber)) return "<nil>";
    if (typeof value.value === "number") return formatFloatVerb(value.value, 32, verb, this.layout);
    if (verb === "v" && this.layout.sharpV && value.kind.startsWith("u")) {
      return formatHexadecimal(value.value, this.layout);
    }
    return formatInteger(value.value, verb, this.layout);
  }

  private write(text: string | undefined, value: GoValue, verb: string): void {
    if (text === undefined) this.badVerb(value, verb);
    else this.output += text;
  }

  /** `String` and `Error` methods, for the verbs that make text; `%w` is wrong for all values. */
  private printByMethod(value: GoValue, verb: string): boolean {
    if (this.isReportingBadVerb) return false;
    if (verb === "w" && value !== undefined && value !== null) {
      this.badVerb(value, verb);
      return true;
    }
    if (!(value instanceof GoStruct || value instanceof GoNumber)) return false;
    if (this.layout.sharpV || !"vsxXq".includes(verb)) return false;
    const text = textByMethod(value);
    if (text === undefined) return false;
    this.write(formatString(text, verb, this.layout), value, verb);
    return true;
  }

  private printMap(map: GoMap, verb: string, depth: number): void {
    const { sharpV } = this.layout;
    this.output += sharpV ? `${typeName(map)}{` : "map[";
    let isFirst = true;
    for (const key of [...map.entries.keys()].sort()) {
      if (!isFirst) this.output += sharpV ? ", " : " ";
      isFirst = false;
      this.printValue(key, verb, depth + 1);
      this.output += ":";
      this.printElement(map.entries.get(key), map.element, verb, depth);
    }
    this.output += sharpV ? "}" : "]";
  }

  private printSlice(slice: GoSlice, verb: string, depth: number): void {
    const { sharpV } = this.layout;
    if (slice.items instanceof Uint8Array) {
      if ("sqxX".includes(verb)) this.printBytes(slice.items, verb, "[]uint8");
      else this.printSlice(new GoSlice(numbersOf(slice.items), slice.element), verb, depth);
      return;
    }
    this.output += sharpV ? `${typeName(slice)}{` : "[";
    let isFirst = true;
    for (const item of slice.items) {
      if (!isFirst) this.output += sharpV ? ", " : " ";
      isFirst = false;
      this.printElement(item, slice.element, verb, depth);
    }
    this.output += sharpV ? "}" : "]";
  }

  /** An element of a list or map; nil in an `interface {}` is written the same for all verbs. */
  private printElement(value: GoValue, type: string, verb: string, depth: number): void {
    if (value !== undefined && value !== null) this.printValue(value, verb, depth + 1);
    else this.output += this.layout.sharpV ? `${type}(nil)` : "<nil>";
  }

  private printStruct(struct: GoStruct, verb: string, depth: number): void {
    if (struct.type.startsWith("*") && depth > 0) {
      this.printPointer(struct, verb);
      return;
    }
    const { sharpV, plusV } = this.layout;
    this.output += struct.type.startsWith("*") ? "&" : "";
    this.output += sharpV ? `${struct.type.replace("*", "")}{` : "{";
    let isFirst = true;
    for (const [name, value] of struct.fields) {
      if (!isFirst) this.output += sharpV ? ", " : " ";
      isFirst = false;
      if (sharpV || plusV) this.output += `${name}:`;
      this.printElement(value, "interface {}", verb, depth);
    }
    this.output += "}";
  }

  private printBytes(bytes: Uint8Array, verb: string, type: string): void {
    const { sharpV } = this.layout;
    if (verb !== "v" && verb !== "d") {
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
      this.output += formatString(text, verb, this.layout) ?? "";
      return;
    }
    const isHexadecimal = sharpV;
    const parts = Array.from(bytes, (byte) =>
      isHexadecimal ? formatHexadecimal(BigInt(byte), this.layout) : formatInteger(BigInt(byte), "d", this.layout),
    );
    this.output += isHexadecimal ? `${type}{${parts.join(", ")}}` : `[${parts.join(" ")}]`;
  }

  /** The address of what is passed by reference; always the same one. */
  private printPointer(value: GoValue, verb: string): void {
    const { layout } = this;
    if (!["func", "map", "ptr", "slice"].includes(kindName(value))) this.badVerb(value, verb);
    else if (verb === "v" && layout.sharpV) {
      this.output += `(${typeName(value)})(${formatHexadecimal(ADDRESS, layout)})`;
    } else if (verb === "v" || verb === "p") this.output += formatHexadecimal(ADDRESS, layout, !layout.sharp);
    else if ("bodxX".includes(verb)) this.output += formatInteger(ADDRESS, verb, layout) ?? "";
    else this.badVerb(value, verb);
  }

  private badVerb(value: GoValue, verb: string): void {
    this.isReportingBadVerb = true;
    if (value === undefined || value === null) this.output += `%!${verb}(<nil>)`;
    else {
      this.output += `%!${verb}(${typeName(value)}=`;
      this.printArgument(value, "v");
      this.output += ")";
    }
    this.isReportingBadVerb = false;
  }
}

/** What the type's own `Error` or `String` method gives, or the text that stands for it. */
export function textByMethod(value: GoStruct | GoNumber): string | undefined {
  if (value instanceof GoStruct && value.print !== undefined) return value.print();
  for (const name of ["Error", "String"]) {
    if (!Object.hasOwn(value.methods, name)) continue;
    const text = value.methods[name]?.call([], NO_CONTEXT);
    if (typeof text === "string") return text;
  }
  return undefined;
}

const NO_CONTEXT = {
  now: notFromPrinting,
  randomBytes: notFromPrinting,
  spend() {},
};

function notFromPrinting(): never {
  throw new GoError("a String method has neither time nor randomness");
}

function isBytes(value: GoValue): value is GoSlice & { readonly items: Uint8Array } {
  return value instanceof GoSlice && value.items instanceof Uint8Array;
}

function numbersOf(bytes: Uint8Array): GoNumber[] {
  return Array.from(bytes, (byte) => new GoNumber("uint8", BigInt(byte)));
}
