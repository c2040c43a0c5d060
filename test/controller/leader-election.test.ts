import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { becomeLeader, type Leadership } from "../../controller/leader-election.ts";
import { eventually } from "../eventually.ts";
import { keepingLogger, startClient } from "./kube/test-parts.ts";

const LEASES = "/apis/coordination.k8s.io/v1/leases";

interface LeaseSpec {
  readonly holderIdentity: string;
  readonly leaseTransitions: number;
  readonly renewTime: string;
}

async function election(context: TestContext) {
  const { server, client, clock, signal } = await startClient(context, { protocol: "http" });
  const candidate = (identity: string) => {
    const options = {
      ...{ leaseName: "controller", namespace: "ns", identity },
      ...{ leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2_000 },
    };
    return becomeLeader({ kube: client, clock, logger: keepingLogger(), options }, signal);
  };
  const lease = () => server.store.get(LEASES, "ns/controller")?.spec as LeaseSpec | undefined;
  const soon = <T>(what: string, look: () => T | undefined | false, stepMs = 500) =>
    eventually(what, look, { onTurn: () => clock.advance(stepMs) });
  /** Tells when the candidate leads. */
  const leading = (promise: Promise<Leadership>) => {
    const state: { leadership?: Leadership } = {};
    promise.then(
      (leadership) => {
        state.leadership = leadership;
      },
      () => undefined,
    );
    return state;
  };
  return { server, clock, candidate, lease, soon, leading };
}

test("the first candidate leads and renews, the second waits until it gives the lease back", async (context) => {
  const { candidate, lease, soon, leading, clock } = await election(context);
  const first = await candidate("one");
  assert.equal(lease()?.holderIdentity, "one");
  const second = leading(candidate("two"));
  const renewed = lease()?.renewTime;
  await soon("a renewal", () => lease()?.renewTime !== renewed);
  for (let turn = 0; turn < 40; turn++) {
    await clock.advance(1_000);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  assert.equal(second.leadership, undefined);
  const at = clock.now();
  await Promise.all([first.release(), soon("the change", () => second.leadership !== undefined)]);
  assert.ok(clock.now() - at <= 5_000, "without waiting for the lease to expire");
  assert.equal(lease()?.holderIdentity, "two");
  assert.equal(lease()?.leaseTransitions, 1);
  assert.ok(!first.lost.aborted);
});

test("a lease that nobody renews is taken after its duration, not before", async (context) => {
  const { server, candidate, leading, soon, lease, clock } = await election(context);
  server.store.put(LEASES, {
    metadata: { namespace: "ns", name: "controller" },
    spec: { holderIdentity: "dead", leaseDurationSeconds: 15, renewTime: "2000-01-01T00:00:00.000000Z" },
  });
  const at = clock.now();
  const next = leading(candidate("next"));
  await soon("the change", () => next.leadership !== undefined);
  assert.ok(clock.now() - at >= 15_000 && clock.now() - at <= 20_000);
  assert.equal(lease()?.holderIdentity, "next");
});

test("a leader that cannot renew learns that it leads no longer before another can take over", async (context) => {
  const { server, candidate, soon, clock } = await election(context);
  const leadership = await candidate("one");
  server.fail({ answer: { status: 500, reason: "InternalError", message: "no" }, times: Number.POSITIVE_INFINITY });
  const at = clock.now();
  await soon("the loss", () => leadership.lost.aborted);
  assert.ok(clock.now() - at < 15_000);
  await leadership.release();
});

test("a lease that another has taken is not renewed over it", async (context) => {
  const { server, candidate, soon, lease } = await election(context);
  const leadership = await candidate("one");
  const taken = server.store.get(LEASES, "ns/controller");
  assert.ok(taken);
  server.store.put(LEASES, { ...taken, spec: { ...lease(), holderIdentity: "thief" } });
  await soon("the loss", () => leadership.lost.aborted);
  assert.equal(lease()?.holderIdentity, "thief");
  await leadership.release();
  assert.equal(lease()?.holderIdentity, "thief");
});
