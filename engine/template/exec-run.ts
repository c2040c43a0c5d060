/** One execution of a template: its output, variables, limits and the place where it is. */

import type { ListNode, TemplateAstNode } from "./ast.ts";
import { executeError, type TemplateSource } from "./errors.ts";
import { type CallContext, type GoValue, TemplateLimitExceeded } from "./go-value.ts";
import type { TemplateLimits } from "./limits.ts";

/** What to do with a map's key that is not there: fail, or give the value that prints as `<no value>`. */
export type MissingKey = "error" | "default";

/** The clock and the randomness that functions may use; the clock also measures the time limit. */
export type Surroundings = Pick<CallContext, "now" | "randomBytes">;

/** Evaluates a part of a template; `final` is the value of the pipeline's stage before, if there is one. */
export type Evaluate = (run: Run, dot: GoValue, final: GoValue) => GoValue;

/** Steps between two looks at the limits and the clock. */
const STEPS_PER_CHECK = 4096;

/** The state of one execution. */
export class Run {
  readonly source: TemplateSource;
  readonly data: GoValue;
  readonly missingKeyIsError: boolean;
  /** What functions get. */
  readonly context: CallContext;
  /** The part at hand: errors point at it. */
  node: TemplateAstNode = START;
  /** The template that is running, of those that the text defines. */
  running: string;
  /** The running template's variables by slot. */
  variables: GoValue[] = [];
  /** How many templates are calling one another. */
  depth = 0;
  private readonly limits: TemplateLimits;
  private readonly output: string[] = [];
  private outputBytes = 0;
  private stepsLeft: number;
  /** Steps until the next check, and how many there were after the last. */
  private fuel = 0;
  private granted = 0;
  private readonly startedAt: number;

  constructor(options: {
    readonly source: TemplateSource;
    readonly running: string;
    readonly data: GoValue;
    readonly missingKey: MissingKey;
    readonly limits: TemplateLimits;
    readonly surroundings: Surroundings;
  }) {
    const { surroundings } = options;
    this.source = options.source;
    this.running = options.running;
    this.data = options.data;
    this.missingKeyIsError = options.missingKey === "error";
    this.limits = options.limits;
    this.stepsLeft = options.limits.steps;
    this.startedAt = surroundings.now();
    this.context = {
      now: () => surroundings.now(),
      randomBytes: (length) => surroundings.randomBytes(length),
      spend: (steps) => this.spend(steps),
    };
    this.grant();
  }

  /** Writes a Go string to the output. */
  write(text: string): void {
    if (text === "") return;
    this.outputBytes += text.length;
    if (this.outputBytes > this.limits.outputBytes) {
      throw this.limitExceeded(`more than ${this.limits.outputBytes} bytes of output`);
    }
    this.output.push(text);
  }

  /** Everything written, as bytes. */
  bytes(): Uint8Array {
    return Buffer.from(this.output.join(""), "latin1");
  }

  /** Counts one step. */
  step(): void {
    if (--this.fuel < 0) this.check();
  }

  /** Counts steps, or bytes produced. */
  spend(steps: number): void {
    this.fuel -= Math.max(steps, 0);
    if (this.fuel < 0) this.check();
  }

  /** Enters a template that another one calls. */
  enter(): void {
    if (++this.depth > this.limits.depth) {
      throw this.limitExceeded(`more than ${this.limits.depth} templates call one another`);
    }
  }

  /** An error at the part at hand; `message` is a Go string without any value of the data. */
  fail(message: string, options?: ErrorOptions): never {
    throw executeError(this.source, this.running, this.node, message, options);
  }

  /** The error of a limit, with the place where it was passed. */
  limitExceeded(message: string): TemplateLimitExceeded {
    return new TemplateLimitExceeded(executeError(this.source, this.running, this.node, message).message);
  }

  private check(): void {
    this.stepsLeft -= this.granted - this.fuel;
    if (this.stepsLeft < 0) throw this.limitExceeded(`more than ${this.limits.steps} steps`);
    if (this.context.now() - this.startedAt > this.limits.timeMs) {
      throw this.limitExceeded(`more than ${this.limits.timeMs} milliseconds`);
    }
    this.grant();
  }

  private grant(): void {
    this.granted = Math.min(STEPS_PER_CHECK, this.stepsLeft);
    this.fuel = this.granted;
  }
}

const START: ListNode = { kind: "list", position: 0, nodes: [] };
