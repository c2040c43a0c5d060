/** Bounds on what one template may use up, so that a hostile one ends with a clear error. */

/** Bounds of one execution. */
export interface TemplateLimits {
  /** Bytes that the template may write. */
  readonly outputBytes: number;
  /** Nodes evaluated, loop iterations, and bytes that functions produce, all together. */
  readonly steps: number;
  /** How deep templates may call one another. */
  readonly depth: number;
  /** Milliseconds by the clock that is handed in. */
  readonly timeMs: number;
}

/** 8 MiB of output (a Secret holds 1 MiB), 20 million steps, 1000 nested templates, 5 seconds. */
export const DEFAULT_LIMITS: TemplateLimits = {
  outputBytes: 8 * 1024 * 1024,
  steps: 20_000_000,
  depth: 1000,
  timeMs: 5000,
};

/** How deep control structures and parentheses may be nested in a template's text. */
export const MAX_PARSE_NESTING = 500;
