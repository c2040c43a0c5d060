/** The tokens of YAML. */
import type { Mark } from "./cursor.ts";

export type TokenType =
  | "stream-end"
  | "version-directive"
  | "tag-directive"
  | "document-start"
  | "document-end"
  | "block-sequence-start"
  | "block-mapping-start"
  | "block-end"
  | "flow-sequence-start"
  | "flow-sequence-end"
  | "flow-mapping-start"
  | "flow-mapping-end"
  | "block-entry"
  | "flow-entry"
  | "key"
  | "value"
  | "alias"
  | "anchor"
  | "tag"
  | "scalar";

export interface Token {
  readonly type: TokenType;
  readonly start: Mark;
  /** Of a scalar, anchor or alias: its text. Of a tag or a tag directive: the handle. Of a version directive: `1.1`. */
  readonly value: string;
  /** Of a tag: what follows the handle. Of a tag directive: what the handle stands for. */
  readonly suffix: string;
  /** Of a scalar: whether it is neither quoted nor a block. */
  readonly isPlain: boolean;
}

/** A token with the parts that its type has. */
export function tokenOf(
  type: TokenType,
  start: Mark,
  { value = "", suffix = "", isPlain = false }: { value?: string; suffix?: string; isPlain?: boolean } = {},
): Token {
  return { type, start, value, suffix, isPlain };
}
