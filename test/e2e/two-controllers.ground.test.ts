import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type ControlPlane, startControlPlane, waitUntil } from "../ground/index.ts";
import { installCrds, secretPath } from "./cluster-objects.ts";
import { type ControllerProcess, startControllerProcess } from "./controller-process.ts";
import { adminClient, createMany, remoteValue, SecretHistory } from "./many-external-secrets.ts";

const COUNT = 200;
const NAMESPACE = "many";
const TIMEOUT_MS = 90_000;

let controlPlane: ControlPlane;
const controllers: ControllerProcess[] = [];
before(async () => {
  controlPlane = await startControlPlane();
  await installCrds(controlPlane);
});
after(async () => {
  await Promise.all(controllers.map((controller) => controller.kill()));
  await controlPlane?.stop();
});

/** Slow enough that the leader can be killed in the middle, and with a lease that is soon free. */
async function startCandidate(): Promise<ControllerProcess> {
  const election = ["duration=4s", "renew-deadline=3s", "retry-period=500ms"].map((flag) =>
    flag.startsWith("duration") ? `--leader-election-lease-${flag}` : `--leader-election-${flag}`,
  );
  const controller = await startControllerProcess({
    kubeconfigPath: controlPlane.kubeconfigPath,
    flags: [
      "--enable-leader-election",
      "--leader-election-namespace=kube-system",
      "--client-qps=60",
      "--client-burst=10",
      ...election,
    ],
  });
  controllers.push(controller);
  return controller;
}

test("a leader that is killed among 200 syncs is followed by the other, and every Secret is written with one content", async () => {
  const kube = await adminClient(controlPlane);
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    await createMany(kube, NAMESPACE, COUNT, signal);
    const history = new SecretHistory(kube, NAMESPACE);
    const leader = await startCandidate();
    const other = await startCandidate();
    await waitUntil("some Secrets", () => history.present.size >= 20, { timeoutMs: TIMEOUT_MS, intervalMs: 5 });
    const atKill = history.present.size;
    await leader.kill();
    assert.ok(atKill < COUNT, `killed in the middle, at ${atKill}`);
    await waitUntil("all Secrets", () => history.present.size === COUNT, { timeoutMs: TIMEOUT_MS });
    await history.stop();
    assert.match(await other.output(), /became the leader/);
    for (const [name, contents] of history.contents) assert.equal(contents.size, 1, `${name} had one content`);
    for (const index of [0, 50, 100, COUNT - 1]) {
      const { body } = await controlPlane.request({ path: secretPath(`es-${index}`, NAMESPACE) });
      const { value = "" } = (body as { data: Record<string, string> }).data;
      assert.equal(Buffer.from(value, "base64").toString(), remoteValue(index));
    }
  } finally {
    kube.close();
  }
});
