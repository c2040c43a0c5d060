/** What was started, to be ended in reverse, whatever happened. */
import type { Progress } from "./progress.ts";

export class Cleanup {
  readonly #tasks: { readonly name: string; readonly end: () => Promise<unknown> | unknown }[] = [];
  readonly #progress: Progress;

  constructor(progress: Progress) {
    this.#progress = progress;
  }

  /** Adds something that must be ended; the last added is ended first. */
  add(name: string, end: () => Promise<unknown> | unknown): void {
    this.#tasks.push({ name, end });
  }

  /** Ends everything, also after a failure of one part, which is shown. */
  async run(): Promise<void> {
    for (let task = this.#tasks.pop(); task !== undefined; task = this.#tasks.pop()) {
      try {
        await task.end();
      } catch (error) {
        this.#progress.line(`could not end ${task.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
}
