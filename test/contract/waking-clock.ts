/** A clock whose sleeps end at once. */
import { FakeClock } from "../fake-clock.ts";

/** A fake clock that moves on by each sleep in place of waiting for it, and writes it down. */
export class WakingClock extends FakeClock {
  /** Milliseconds, in order. */
  readonly slept: number[] = [];

  override async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.slept.push(ms);
    await this.advance(ms);
    signal?.throwIfAborted();
  }
}
