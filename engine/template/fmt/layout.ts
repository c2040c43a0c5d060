/** Flags, width and precision of one verb, and the padding that they ask for. */

import { decodeRune, isAscii, runeCount } from "./utf8.ts";

/** What stands between `%` and the verb. */
export class Layout {
  width = 0;
  hasWidth = false;
  precision = 0;
  hasPrecision = false;
  minus = false;
  plus = false;
  sharp = false;
  space = false;
  zero = false;
  /** `%+v`: field names. */
  plusV = false;
  /** `%#v`: Go syntax. */
  sharpV = false;

  /** Moves `+` and `#` to what they mean for the verb `v`. */
  turnIntoValueFlags(): void {
    this.sharpV = this.sharp;
    this.sharp = false;
    this.plusV = this.plus;
    this.plus = false;
  }

  /** Pads a Go string to the width, counted in runes. */
  pad(text: string, withZeros: boolean = this.zero): string {
    if (!this.hasWidth || this.width === 0) return text;
    const missing = this.width - runeCount(text);
    if (missing <= 0) return text;
    if (this.minus) return text + " ".repeat(missing);
    return (withZeros ? "0" : " ").repeat(missing) + text;
  }

  /** Cuts a Go string to so many runes as the precision allows. */
  truncate(text: string): string {
    if (!this.hasPrecision) return text;
    if (isAscii(text)) return text.slice(0, this.precision);
    let index = 0;
    for (let runes = 0; runes < this.precision && index < text.length; runes++) index += decodeRune(text, index) & 7;
    return text.slice(0, index);
  }
}
