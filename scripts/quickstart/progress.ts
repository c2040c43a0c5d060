/** Lines with the time since the start, for a person to follow. */

export interface Progress {
  /** One thing that was done or seen. */
  line(text: string): void;
  /** A line of something that runs inside: indented. */
  detail(text: string): void;
  /** A heading. */
  step(text: string): void;
}

/** Writes to standard output. `startedAtMs` is of `performance.now()`. */
export function createProgress(startedAtMs: number, write: (line: string) => void = console.log): Progress {
  const elapsed = () => `${((performance.now() - startedAtMs) / 1000).toFixed(1).padStart(6)} s`;
  return {
    line: (text) => write(`${elapsed()}  ${text}`),
    detail: (text) => write(`${elapsed()}    ${text}`),
    step: (text) => write(`\n${elapsed()}  == ${text}`),
  };
}
