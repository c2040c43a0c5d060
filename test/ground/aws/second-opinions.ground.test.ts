/** Our emulator against MiniStack and moto, each behind the fault gate: the official client sees the same. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  type AwsEmulator,
  type FaultGate,
  type PythonEmulator,
  startAwsEmulator,
  startAwsGate,
  startMiniStack,
  startMoto,
} from "./index.ts";
import { OFFICIAL_CLIENT_CHECKS } from "./official-client-checks.ts";
import { checkClients, destroyClients, type OfficialClientCheck } from "./official-clients.ts";
import { hasPython } from "./python-venv.ts";

/** The first start downloads Python packages. */
const START_TIMEOUT_MS = 360_000;

async function resultAt(endpoint: string, check: OfficialClientCheck): Promise<unknown> {
  const clients = checkClients(endpoint);
  try {
    return await check.run(clients);
  } finally {
    destroyClients(clients);
  }
}

// Without python3 there is no second opinion to be had; the checks run against our emulator in the unit tests.
// Continuous integration sets PYTHON_EMULATORS=required: there it is an error that python3 is missing.
const isRequired = process.env.PYTHON_EMULATORS === "required";
const launchers = isRequired || hasPython() ? [startMiniStack, startMoto] : [];

for (const launch of launchers) {
  describe(`the official client sees the same of our emulator as of ${launch.name.replace("start", "")}`, () => {
    let ours: AwsEmulator;
    let other: PythonEmulator;
    let gate: FaultGate;

    before(
      async () => {
        [ours, other] = await Promise.all([startAwsEmulator(), launch()]);
        gate = await startAwsGate({ upstream: other.endpoint });
      },
      { timeout: START_TIMEOUT_MS },
    );
    after(async () => {
      await gate.stop();
      await Promise.all([ours.stop(), other.stop()]);
    });

    for (const check of OFFICIAL_CLIENT_CHECKS) {
      test(check.name, async () => {
        const expected = await resultAt(ours.endpoint, check);
        const actual = await resultAt(gate.endpoint, check);
        const defect = check.defects?.[other.name];
        if (defect === undefined) assert.deepEqual(actual, expected);
        else assert.notDeepEqual(actual, expected, `${other.name} is right by now: strike the defect "${defect}"`);
      });
    }

    test("the gate injects faults, limits rates and counts in front of it", async () => {
      const check = OFFICIAL_CLIENT_CHECKS.find(({ name }) => name.startsWith("a created string"));
      assert.ok(check !== undefined);
      gate.resetCalls();
      gate.failNext("GetSecretValue", { code: "ThrottlingException", status: 400 });
      await assert.rejects(resultAt(gate.endpoint, check), { name: "ThrottlingException" });
      await resultAt(gate.endpoint, check);
      gate.rateLimit("GetSecretValue", 0.001);
      await assert.rejects(resultAt(gate.endpoint, check), { name: "ThrottlingException" });
      gate.rateLimit("GetSecretValue", 0);
      assert.equal(gate.calls("GetSecretValue"), 3);
      assert.equal(gate.calls("CreateSecret"), 3);
    });
  });
}
