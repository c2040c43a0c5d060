/** Contract: writes, and the mark that keeps us off what is not ours. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { AccessDenied, InvalidConfiguration, SecretNotFound } from "../../providers/errors.ts";
import type { ContractBench } from "./definition.ts";
import { CANARY, refusal } from "./refusal.ts";
import { decode, encode, limit } from "./suite-read.ts";

export function pushTests(bench: ContractBench): void {
  wholeTests(bench);
  propertyTests(bench);
  ownershipTests(bench);
}

function wholeTests(bench: ContractBench): void {
  it("creates, overwrites and deletes its own secret", async () => {
    const remoteKey = bench.key();
    const client = await bench.open();
    const read = async () => JSON.parse(decode(await client.getSecret({ key: remoteKey }, limit())) ?? "");
    assert.equal(await client.secretExists({ remoteKey }, limit()), false);
    await client.pushSecret({ remoteKey }, encode({ v: `${CANARY}-1` }), limit());
    assert.equal((await read()).v, `${CANARY}-1`);
    await client.pushSecret({ remoteKey }, encode({ v: `${CANARY}-2` }), limit());
    assert.equal((await read()).v, `${CANARY}-2`);
    assert.equal(await client.secretExists({ remoteKey }, limit()), true);
    await client.deleteSecret({ remoteKey }, limit());
    await client.deleteSecret({ remoteKey }, limit());
    await refusal(SecretNotFound, client.getSecret({ key: remoteKey }, limit()));
    assert.equal(await client.secretExists({ remoteKey }, limit()), false);
  });

  if (bench.capabilities.versions) equalTests(bench);
  binaryTests(bench);
}

function equalTests(bench: ContractBench): void {
  it("writes nothing where the value is equal already", async () => {
    const world = bench.world();
    const versionOf = async (key: string) => world.versionOf?.(key);
    const remoteKey = bench.key();
    const client = await bench.open();
    await client.pushSecret({ remoteKey }, encode({ a: CANARY, b: 1 }), limit());
    const version = await versionOf(remoteKey);
    await client.pushSecret({ remoteKey }, encode({ a: CANARY, b: 1 }), limit());
    await client.pushSecret({ remoteKey, property: "a" }, encode(CANARY), limit());
    assert.ok(version !== undefined);
    assert.equal(await versionOf(remoteKey), version);
  });
}

function binaryTests(bench: ContractBench): void {
  if (bench.capabilities.values === "bytes") {
    it("pushes bytes that are no text", async () => {
      const remoteKey = bench.key();
      const client = await bench.open();
      const value = Uint8Array.from([0xff, 0x00, 0x80]);
      await client.pushSecret({ remoteKey }, value, limit());
      assert.deepEqual(Buffer.from(await client.getSecret({ key: remoteKey }, limit())), Buffer.from(value));
    });
  } else if (bench.capabilities.values === "jsonObjects") {
    it("refuses to push a whole value that is no JSON object", async () => {
      const client = await bench.open();
      await refusal(InvalidConfiguration, client.pushSecret({ remoteKey: bench.key() }, encode(CANARY), limit()));
    });
  }
}

function propertyTests(bench: ContractBench): void {
  it("sets one property and leaves the others, and takes it away again", async () => {
    const remoteKey = bench.key();
    const client = await bench.open();
    const keys = async () =>
      [...(await client.getSecretMap({ key: remoteKey }, limit())).keys()].filter((key) => /^[ab]/.test(key)).sort();
    await client.pushSecret({ remoteKey, property: "a.b" }, encode(`${CANARY}"ä`), limit());
    await client.pushSecret({ remoteKey, property: "b" }, encode("2"), limit());
    assert.deepEqual(await keys(), ["a.b", "b"]);
    assert.equal(decode(await client.getSecret({ key: remoteKey, property: "a.b" }, limit())), `${CANARY}"ä`);
    assert.equal(await client.secretExists({ remoteKey, property: "b" }, limit()), true);
    await client.deleteSecret({ remoteKey, property: "b" }, limit());
    assert.deepEqual(await keys(), ["a.b"]);
    assert.equal(await client.secretExists({ remoteKey, property: "b" }, limit()), false);
    await client.deleteSecret({ remoteKey, property: "a.b" }, limit());
    await refusal(SecretNotFound, client.getSecret({ key: remoteKey }, limit()));
  });

  if (bench.capabilities.binaryProperties) {
    it("pushes a property of bytes that are no text", async () => {
      const remoteKey = bench.key();
      const client = await bench.open();
      const value = Uint8Array.from([0xff, 0x00, 0x80]);
      await client.pushSecret({ remoteKey, property: "p" }, value, limit());
      assert.deepEqual(
        Buffer.from(await client.getSecret({ key: remoteKey, property: "p" }, limit())),
        Buffer.from(value),
      );
      const map = await client.getSecretMap({ key: remoteKey }, limit());
      assert.deepEqual(Buffer.from(map.get("p") ?? []), Buffer.from(value));
    });
    return;
  }

  it("refuses a property that is no text", async () => {
    const client = await bench.open();
    const push = client.pushSecret({ remoteKey: bench.key(), property: "p" }, Uint8Array.from([0xff]), limit());
    await refusal(InvalidConfiguration, push);
  });
}

function ownershipTests(bench: ContractBench): void {
  it("neither overwrites nor deletes what lacks its mark", async () => {
    const remoteKey = bench.key();
    await bench.world().put(remoteKey, encode({ v: CANARY }));
    const client = await bench.open();
    const error = await refusal(AccessDenied, client.pushSecret({ remoteKey }, encode({ v: "new" }), limit()));
    assert.ok(error.message.includes(remoteKey));
    await refusal(AccessDenied, client.pushSecret({ remoteKey, property: "w" }, encode("new"), limit()));
    await client.deleteSecret({ remoteKey }, limit());
    await client.deleteSecret({ remoteKey, property: "v" }, limit());
    assert.equal(decode(await client.getSecret({ key: remoteKey, property: "v" }, limit())), CANARY);
  });
}
