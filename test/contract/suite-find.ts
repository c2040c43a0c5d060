/** Contract: searches by name and tags, and tags as values. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { InvalidConfiguration } from "../../providers/errors.ts";
import type { ContractBench } from "./definition.ts";
import { CANARY, refusal } from "./refusal.ts";
import { decode, encode, limit } from "./suite-read.ts";

export function findTests(bench: ContractBench): void {
  it("finds by an unanchored expression, beyond one page, with the right values", async () => {
    const prefix = bench.key();
    const count = (bench.capabilities.pageSize ?? 20) + 5;
    const keys = Array.from({ length: count }, (_, index) => `${prefix}-name-${index}`);
    for (const key of keys) await bench.world().put(key, encode({ v: `${CANARY}-${key}` }));
    await bench.world().put(`${prefix}-other`, encode({ v: CANARY }));
    const client = await bench.open();
    const found = await client.findSecrets({ nameRegexp: `${prefix}-name-\\d+` }, limit());
    assert.deepEqual([...found.keys()].sort(), [...keys].sort());
    for (const [key, value] of found) assert.deepEqual(JSON.parse(decode(value) ?? ""), { v: `${CANARY}-${key}` });
    const one = await client.findSecrets({ nameRegexp: `^${prefix}-name-1$` }, limit());
    assert.deepEqual([...one.keys()], [`${prefix}-name-1`]);
  });

  it("finds nothing without an error, and refuses a broken expression", async () => {
    const client = await bench.open();
    assert.equal((await client.findSecrets({ nameRegexp: "^no-such-secret$" }, limit())).size, 0);
    await refusal(InvalidConfiguration, client.findSecrets({ nameRegexp: "(" }, limit()));
  });

  if (bench.capabilities.tags) tagTests(bench);
}

function tagTests(bench: ContractBench): void {
  it("finds what has all the tags, and the name too where one is given", async () => {
    const prefix = bench.key();
    const world = bench.world();
    await world.put(`${prefix}-a`, encode({ v: CANARY }), { team: prefix, tier: "db" });
    await world.put(`${prefix}-b`, encode({ v: CANARY }), { team: prefix, tier: "web" });
    await world.put(`${prefix}-c`, encode({ v: CANARY }));
    const client = await bench.open();
    const find = async (tags: Record<string, string>, nameRegexp?: string) => {
      const found = await client.findSecrets({ tags, ...(nameRegexp === undefined ? {} : { nameRegexp }) }, limit());
      return [...found.keys()].sort();
    };
    assert.deepEqual(await find({ team: prefix }), [`${prefix}-a`, `${prefix}-b`]);
    assert.deepEqual(await find({ team: prefix, tier: "db" }), [`${prefix}-a`]);
    assert.deepEqual(await find({ team: prefix }, `${prefix}-b`), [`${prefix}-b`]);
    assert.deepEqual(await find({ team: "nobody" }), []);
  });

  it("reads tags in place of the value", async () => {
    const key = bench.key();
    await bench.world().put(key, encode({ v: CANARY }), { team: "blue", "with.dot": "x" });
    const client = await bench.open();
    const { tagsProperty, extractedTag = (_key, tag) => tag } = bench.capabilities;
    const ref = {
      key,
      metadataPolicy: "Fetch",
      ...(tagsProperty === undefined ? {} : { property: tagsProperty }),
    } as const;
    const all = JSON.parse(decode(await client.getSecret(ref, limit())) ?? "") as Record<string, string>;
    assert.equal(all.team, "blue");
    const property = tagsProperty === undefined ? "with.dot" : `${tagsProperty}.with.dot`;
    assert.equal(decode(await client.getSecret({ ...ref, property }, limit())), "x");
    assert.equal(decode((await client.getSecretMap(ref, limit())).get(extractedTag(key, "team"))), "blue");
  });
}
