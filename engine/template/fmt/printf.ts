/** fmt's format strings: verbs with flags, width, precision and argument indexes. */

import { GoNumber, type GoValue, TemplateLimitExceeded } from "../go-value.ts";
import { Layout } from "./layout.ts";
import { Printer } from "./printer.ts";
import { typeName } from "./type-names.ts";
import { decodeRune } from "./utf8.ts";

/** The greatest width, precision or argument number. */
const LARGEST = 1_000_000n;

/** The longest result, in bytes: widths and precisions up to a million make it grow fast. */
const LONGEST = 64 * 1024 * 1024;

/**
 * Go's `fmt.Sprintf`; format and result are Go strings. Wrong verbs and arguments are written into the result, as in Go.
 *
 * @throws TemplateLimitExceeded if the result would be longer than 64 MiB
 */
export function sprintf(format: string, values: readonly GoValue[]): string {
  return new FormatRun(format, values).run();
}

class FormatRun {
  private readonly printer = new Printer();
  private readonly format: string;
  private readonly values: readonly GoValue[];
  /** Where in the format. */
  private at = 0;
  /** Which argument is next. */
  private next = 0;
  private isReordered = false;
  private indexIsGood = true;
  /** An index such as `[3]` came right before. */
  private isAfterIndex = false;

  constructor(format: string, values: readonly GoValue[]) {
    this.format = format;
    this.values = values;
  }

  run(): string {
    const { format, printer } = this;
    while (this.at < format.length) {
      const percent = format.indexOf("%", this.at);
      if (percent < 0) {
        printer.output += format.slice(this.at);
        break;
      }
      printer.output += format.slice(this.at, percent);
      this.at = percent + 1;
      this.directive();
      if (printer.output.length > LONGEST) throw new TemplateLimitExceeded("printf: more than 64 MiB");
    }
    if (!this.isReordered && this.next < this.values.length) this.extraArguments();
    return printer.output;
  }

  private directive(): void {
    const { format, printer } = this;
    this.indexIsGood = true;
    this.isAfterIndex = false;
    printer.layout = new Layout();
    this.flags();
    const first = format.charCodeAt(this.at);
    if (first < 0x61 || first > 0x7a || this.next >= this.values.length) {
      this.argumentIndex();
      this.width();
      this.precision();
      if (!this.isAfterIndex) this.argumentIndex();
    }
    if (this.at >= format.length) {
      printer.output += "%!(NOVERB)";
      return;
    }
    const size = decodeRune(format, this.at) & 7;
    const verb = format.slice(this.at, this.at + size);
    this.at += size;
    this.verb(verb);
  }

  private flags(): void {
    const { layout } = this.printer;
    for (; this.at < this.format.length; this.at++) {
      switch (this.format.charAt(this.at)) {
        case "#":
          layout.sharp = true;
          break;
        case "0":
          layout.zero = true;
          break;
        case "+":
          layout.plus = true;
          break;
        case "-":
          layout.minus = true;
          break;
        case " ":
          layout.space = true;
          break;
        default:
          return;
      }
    }
  }

  private width(): void {
    const { printer } = this;
    const { layout } = printer;
    if (this.format.charAt(this.at) === "*") {
      this.at++;
      const given = this.integerArgument();
      layout.hasWidth = given !== undefined;
      layout.width = Math.abs(given ?? 0);
      if (given === undefined) printer.output += "%!(BADWIDTH)";
      else if (given < 0) {
        layout.minus = true;
        layout.zero = false;
      }
      this.isAfterIndex = false;
      return;
    }
    const given = this.number(this.format.length);
    layout.hasWidth = given !== undefined;
    layout.width = given ?? 0;
    if (this.isAfterIndex && layout.hasWidth) this.indexIsGood = false;
  }

  private precision(): void {
    const { printer, format } = this;
    const { layout } = printer;
    if (this.at + 1 > format.length - 1 || format.charAt(this.at) !== ".") return;
    this.at++;
    if (this.isAfterIndex) this.indexIsGood = false;
    this.argumentIndex();
    if (format.charAt(this.at) !== "*") {
      layout.precision = this.number(format.length) ?? 0;
      layout.hasPrecision = true;
      return;
    }
    this.at++;
    const given = this.integerArgument();
    layout.hasPrecision = given !== undefined && given >= 0;
    layout.precision = layout.hasPrecision ? (given ?? 0) : 0;
    if (!layout.hasPrecision) printer.output += "%!(BADPREC)";
    this.isAfterIndex = false;
  }

  private verb(verb: string): void {
    const { printer } = this;
    if (verb === "%") printer.output += "%";
    else if (!this.indexIsGood) printer.output += `%!${verb}(BADINDEX)`;
    else if (this.next >= this.values.length) printer.output += `%!${verb}(MISSING)`;
    else {
      if (verb === "v" || verb === "w") printer.layout.turnIntoValueFlags();
      printer.printArgument(this.values[this.next], verb);
      this.next++;
    }
  }

  /** `[n]`: the next argument is the n-th. */
  private argumentIndex(): void {
    this.isAfterIndex = false;
    if (this.format.charAt(this.at) !== "[") return;
    this.isReordered = true;
    const start = this.at;
    const end = this.format.indexOf("]", start);
    if (this.format.length - start < 3 || end <= start) {
      this.indexIsGood = false;
      this.at = start + 1;
      return;
    }
    this.at = start + 1;
    const number = this.number(end);
    const isWhole = number !== undefined && this.at === end;
    this.at = end + 1;
    this.isAfterIndex = isWhole;
    if (isWhole && number >= 1 && number <= this.values.length) this.next = number - 1;
    else this.indexIsGood = false;
  }

  /** The decimal number here, before `end`; too great a number swallows everything up to there. */
  private number(end: number): number | undefined {
    let number: number | undefined;
    for (; this.at < end; this.at++) {
      const digit = this.format.charCodeAt(this.at) - 0x30;
      if (!(digit >= 0 && digit <= 9)) break;
      if ((number ?? 0) > Number(LARGEST)) {
        this.at = end;
        return undefined;
      }
      number = (number ?? 0) * 10 + digit;
    }
    return number;
  }

  /** The next argument as a width or precision; undefined if it is none. */
  private integerArgument(): number | undefined {
    if (this.next >= this.values.length) return undefined;
    const value = this.values[this.next++];
    const integer = value instanceof GoNumber ? value.value : value;
    if (typeof integer !== "bigint" || integer > LARGEST || integer < -LARGEST) return undefined;
    return Number(integer);
  }

  private extraArguments(): void {
    const { printer } = this;
    printer.layout = new Layout();
    printer.output += "%!(EXTRA ";
    let isFirst = true;
    for (const value of this.values.slice(this.next)) {
      if (!isFirst) printer.output += ", ";
      isFirst = false;
      if (value === undefined || value === null) printer.output += "<nil>";
      else {
        printer.output += `${typeName(value)}=`;
        printer.printArgument(value, "v");
      }
    }
    printer.output += ")";
  }
}
