/** The real Go program that renders templates, asked in one run. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { resolveTool } from "../../../ground/index.ts";

/** A template, or a YAML document under `template`. */
export interface GoRequest {
  readonly op: "render" | "yaml" | "bench";
  readonly template: Uint8Array;
  readonly data?: Readonly<Record<string, Uint8Array>>;
  readonly milliseconds?: number;
}

/** What Go gives: output, or an error. */
export interface GoAnswer {
  readonly output: Uint8Array;
  readonly error: string | undefined;
  /** Of a bench. */
  readonly perSecond: number;
}

const TIMEOUT_MS = 120_000;
const MAX_ANSWER_BYTES = 512 * 1024 * 1024;

/** Asks all at once; answers stand in the order of the requests. */
export async function askGo(requests: readonly GoRequest[]): Promise<readonly GoAnswer[]> {
  const tool = await resolveTool("gotemplate", { onProgress: (line) => console.log(line) });
  const running = promisify(execFile)(tool.path, [], {
    maxBuffer: MAX_ANSWER_BYTES,
    timeout: TIMEOUT_MS,
    env: { TZ: "UTC" },
  });
  running.child.stdin?.end(requests.map((request) => `${JSON.stringify(encoded(request))}\n`).join(""));
  const { stdout } = await running;
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => decoded(JSON.parse(line)));
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

function encoded({ template, data = {}, ...rest }: GoRequest): object {
  const values = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)]));
  return { ...rest, template: base64(template), data: values };
}

function decoded(answer: {
  readonly output?: string | null;
  readonly error?: string;
  readonly perSecond?: number;
}): GoAnswer {
  return {
    output: Buffer.from(answer.output ?? "", "base64"),
    error: answer.error,
    perSecond: answer.perSecond ?? 0,
  };
}
