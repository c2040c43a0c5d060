/** What the tests of the reflector share. */
import type { TestContext } from "node:test";
import type { Change, Reflector } from "../../../controller/kube/contracts.ts";
import { createReflector, type ReflectorOptions } from "../../../controller/kube/reflector.ts";
import { eventually } from "../../eventually.ts";
import type { FakeApiServerOptions } from "./fake-api-server.ts";
import { type ClientFixture, keepingLogger, type LogLine, type Secret, secretType, startClient } from "./test-parts.ts";

export interface CachedSecret {
  readonly version: string;
  readonly data: Readonly<Record<string, string>>;
}

export interface ReflectorFixture extends ClientFixture {
  readonly reflector: Reflector<CachedSecret>;
  /** `added a/one`, … */
  readonly changes: string[];
  readonly lines: LogLine[];
  /** Ends the reflector; resolves when it has ended. */
  stop(): Promise<void>;
  /** Waits, moving the clock by `stepMs` (default 100 ms) each turn, so that back-offs pass. */
  soon<T>(what: string, look: () => T | undefined | false, stepMs?: number): Promise<T>;
}

/** A reflector of Secrets at work on a fake server; it ends with the test. */
export async function startReflector(
  context: TestContext,
  options: FakeApiServerOptions & {
    readonly reflector?: Partial<ReflectorOptions<Secret, CachedSecret>>;
    readonly before?: (fixture: ClientFixture) => void;
    readonly onChange?: (change: Change<CachedSecret>) => void;
  } = {},
): Promise<ReflectorFixture> {
  const fixture = await startClient(context, options);
  options.before?.(fixture);
  const logger = keepingLogger();
  const reflector = createReflector<Secret, CachedSecret>({
    client: fixture.client,
    type: secretType,
    transform: ({ metadata, data = {} }) => ({ version: metadata.resourceVersion ?? "", data }),
    clock: fixture.clock,
    random: () => 0.5,
    logger,
    ...options.reflector,
  });
  const changes: string[] = [];
  if (options.onChange !== undefined) reflector.onChange(options.onChange);
  reflector.onChange(({ type, key }) => changes.push(`${type} ${key}`));
  const abort = new AbortController();
  const running = reflector.run(abort.signal);
  const stop = async () => {
    abort.abort();
    await running;
  };
  context.after(stop);
  const soon: ReflectorFixture["soon"] = (what, look, stepMs = 100) =>
    eventually(what, look, { onTurn: () => fixture.clock.advance(stepMs) });
  return { ...fixture, reflector, changes, lines: logger.lines, stop, soon };
}

/** The verbs of all requests so far. */
export function verbsOf({ server }: ClientFixture): string[] {
  return server.requests.map(({ verb }) => verb);
}
