/** The contract that every backend passes: call `contractSuite` with how to start one. */
import { after, afterEach, before, describe } from "node:test";
import type { SecretsClient } from "../../providers/contract.ts";
import type { ContractBench, ContractDefinition, ContractWorld } from "./definition.ts";
import { faultTests } from "./suite-faults.ts";
import { findTests } from "./suite-find.ts";
import { pushTests } from "./suite-push.ts";
import { readTests } from "./suite-read.ts";

/** Registers all tests that the definition's capabilities call for; they share one world. */
export function contractSuite(definition: ContractDefinition): void {
  describe(`${definition.name} keeps the contract of a backend`, { timeout: 120_000 }, () => {
    let running: ContractWorld | undefined;
    let keys = 0;
    const opened: SecretsClient[] = [];
    const world = () => {
      if (running === undefined) throw new Error("the world has not been started");
      return running;
    };
    const bench: ContractBench = {
      capabilities: definition.capabilities,
      world,
      key: () => `contract-${++keys}`,
      async open(options) {
        const client = await world().open(options);
        opened.push(client);
        return client;
      },
    };
    before(async () => {
      running = await definition.start();
    });
    afterEach(async () => {
      await running?.faults?.heal();
      await Promise.all(opened.splice(0).map((client) => client.close()));
    });
    after(async () => running?.stop());

    readTests(bench);
    if (!definition.capabilities.generic) findTests(bench);
    if (definition.capabilities.push) pushTests(bench);
    faultTests(bench);
  });
}
