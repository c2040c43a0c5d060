/** Contract: refused, throttled, broken and silent backends. None of it may look like an absent secret. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { systemClock } from "../../api/clock.ts";
import type { SecretsClient } from "../../providers/contract.ts";
import { AccessDenied, Transient } from "../../providers/errors.ts";
import type { ContractBench, ContractFaults } from "./definition.ts";
import { CANARY, failure, refusal } from "./refusal.ts";
import { decode, encode, limit } from "./suite-read.ts";
import { WakingClock } from "./waking-clock.ts";

/** More than any client repeats by itself. */
const ENDLESS = 1_000;
/** The most that a client may wait by itself before it leaves the waiting to its caller. */
const MAX_WAIT_MS = 10_000;

export function faultTests(bench: ContractBench): void {
  it("ends with the signal's reason where it has been aborted before", async () => {
    const client = await bench.open();
    const reason = new Error("stopped");
    await assert.rejects(client.getSecret({ key: bench.key() }, AbortSignal.abort(reason)), reason);
  });
  if (!bench.capabilities.network) return;
  const withFaults = (name: string, test: (faults: ContractFaults) => Promise<void>) =>
    it(name, async () => {
      const { faults } = bench.world();
      assert.ok(faults !== undefined, "a backend with a network needs a world with faults");
      await test(faults);
    });
  deniedTests(bench, withFaults);
  throttledTests(bench, withFaults);
  brokenTests(bench, withFaults);
  silentTests(bench, withFaults);
}

type FaultTest = (name: string, test: (faults: ContractFaults) => Promise<void>) => unknown;

async function stored(bench: ContractBench): Promise<string> {
  const key = bench.key();
  await bench.world().put(key, encode({ v: CANARY }));
  return key;
}

function deniedTests(bench: ContractBench, withFaults: FaultTest): void {
  withFaults("reports AccessDenied where credentials may not read, whether the secret is there or not", async () => {
    const { credentials } = bench.world();
    const client = await bench.open({ access: "none" });
    for (const key of [await stored(bench), bench.key()]) {
      const error = await refusal(AccessDenied, client.getSecret({ key }, limit()), credentials);
      assert.ok(error.details.remedy !== undefined, "AccessDenied names a remedy");
    }
  });
}

function throttledTests(bench: ContractBench, withFaults: FaultTest): void {
  withFaults("serves after having been throttled once", async (faults) => {
    const key = await stored(bench);
    const client = await bench.open();
    assert.equal(decode(await client.getSecret({ key, property: "v" }, limit())), CANARY);
    faults.throttle(1, 1);
    assert.equal(decode(await client.getSecret({ key, property: "v" }, limit())), CANARY);
  });

  withFaults(
    "is Transient with the Retry-After when throttled without end, and waits a bounded time",
    async (faults) => {
      const key = await stored(bench);
      const clock = new WakingClock();
      const client = await bench.open({ clock });
      faults.throttle(ENDLESS, 1);
      const error = await refusal(Transient, client.getSecret({ key }, limit()), bench.world().credentials);
      assert.equal(error.retryAfterMs, 1_000);
      assert.ok(clock.slept.reduce((sum, ms) => sum + ms, 0) <= MAX_WAIT_MS);
    },
  );

  withFaults("does not wait by itself where the backend asks for a long time", async (faults) => {
    const key = await stored(bench);
    const clock = new WakingClock();
    const client = await bench.open({ clock });
    faults.throttle(ENDLESS, 3_600);
    const error = await refusal(Transient, client.getSecret({ key }, limit()));
    assert.equal(error.retryAfterMs, 3_600_000);
    assert.ok(clock.slept.reduce((sum, ms) => sum + ms, 0) <= MAX_WAIT_MS);
  });
}

function brokenTests(bench: ContractBench, withFaults: FaultTest): void {
  const everyRead = async (client: SecretsClient, key: string) => {
    const { credentials } = bench.world();
    await failure(client.getSecret({ key }, limit()), credentials);
    await failure(client.getSecretMap({ key }, limit()), credentials);
    await failure(client.findSecrets({ nameRegexp: "x" }, limit()), credentials);
    if (!bench.capabilities.generic) await failure(client.validate(limit()), credentials);
  };

  withFaults("serves after one server error, and is Transient under many", async (faults) => {
    const key = await stored(bench);
    const client = await bench.open();
    faults.breakDown(1);
    assert.equal(decode(await client.getSecret({ key, property: "v" }, limit())), CANARY);
    faults.breakDown(ENDLESS);
    await refusal(Transient, client.getSecret({ key }, limit()));
    await everyRead(client, key);
  });

  withFaults("is Transient while no connection can be made, and serves when it can again", async (faults) => {
    const key = await stored(bench);
    const client = await bench.open();
    await faults.disconnect();
    await refusal(Transient, client.getSecret({ key }, limit()), bench.world().credentials);
    await everyRead(client, key);
    await faults.heal();
    assert.equal(decode(await client.getSecret({ key, property: "v" }, limit())), CANARY);
  });

  withFaults("takes an answer that is not the backend's for a failure", async (faults) => {
    const key = await stored(bench);
    const client = await bench.open();
    faults.garble(ENDLESS);
    await everyRead(client, key);
    await faults.heal();
    faults.misroute(ENDLESS);
    await everyRead(client, key);
    await faults.heal();
    assert.equal(decode(await client.getSecret({ key, property: "v" }, limit())), CANARY);
  });
}

function silentTests(bench: ContractBench, withFaults: FaultTest): void {
  withFaults("is Transient where no answer comes within the limit", async (faults) => {
    const key = await stored(bench);
    const client = await bench.open({ clock: systemClock, requestTimeoutMs: 50 });
    faults.hang();
    await refusal(Transient, client.getSecret({ key }, limit()), bench.world().credentials);
  });

  withFaults("ends at once with the signal's reason when aborted in the middle", async (faults) => {
    const key = await stored(bench);
    const client = await bench.open();
    faults.hang();
    const stopping = new AbortController();
    const reason = new Error("stopped");
    const read = client.getSecret({ key }, stopping.signal);
    setImmediate(() => stopping.abort(reason));
    await assert.rejects(read, reason);
  });
}
