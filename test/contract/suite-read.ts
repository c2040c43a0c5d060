/** Contract: single secrets, their properties, keys and versions. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { InvalidConfiguration, PropertyNotFound, SecretNotFound } from "../../providers/errors.ts";
import { versionOf } from "../../providers/value-version.ts";
import type { ContractBench } from "./definition.ts";
import { CANARY, refusal } from "./refusal.ts";

/** Long enough for a slow machine, short enough to end a test that hangs. */
export function limit(): AbortSignal {
  return AbortSignal.timeout(30_000);
}

export function encode(value: unknown): Uint8Array {
  return new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
}

export function decode(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

const SAMPLE = {
  user: CANARY,
  "tls.crt": `${CANARY}-dotted`,
  db: { hosts: [`${CANARY}-a`, "b"], port: 5432 },
  tls: { crt: "nested" },
  nothing: null,
};

export function readTests(bench: ContractBench): void {
  valueTests(bench);
  propertyTests(bench);
  absenceTests(bench);
  const { versions, notesVersions = versions } = bench.capabilities;
  if (versions) versionTests(bench);
  if (notesVersions) versionNoteTests(bench);

  it("validates with good credentials and reads at once many times", async () => {
    const key = bench.key();
    await bench.world().put(key, encode({ v: CANARY }));
    const client = await bench.open();
    assert.equal(await client.validate(limit()), "Ready");
    const reads = Array.from({ length: 20 }, () => client.getSecret({ key, property: "v" }, limit()));
    assert.deepEqual(new Set((await Promise.all(reads)).map(decode)), new Set([CANARY]));
  });

  it("closes twice", async () => {
    const client = await bench.open();
    await client.close();
    await client.close();
  });
}

function valueTests(bench: ContractBench): void {
  const { values } = bench.capabilities;
  const samples: readonly (readonly [what: string, value: Uint8Array, needs: typeof values])[] = [
    ["every byte", Uint8Array.from({ length: 256 }, (_, index) => index), "bytes"],
    ["bytes that are no UTF-8", Uint8Array.from([0xff, 0xfe, 0x00, 0xc3]), "bytes"],
    ["letters of many scripts and a final line feed", encode(`${CANARY} äß → 秘密 🔑\r\n`), "text"],
    ["JSON with its blanks and digits", encode('{ "n" : 1.50, "big": 12345678901234567890 }'), "text"],
    ["64 KiB", encode(CANARY.repeat(16_384).slice(0, 65_536)), "text"],
  ];
  for (const [what, value, needs] of samples) {
    if (values === "jsonObjects" || (needs === "bytes" && values === "text")) continue;
    it(`gives ${what} unchanged`, async () => {
      const key = bench.key();
      await bench.world().put(key, value);
      assert.deepEqual(Buffer.from(await (await bench.open()).getSecret({ key }, limit())), Buffer.from(value));
    });
  }

  it("gives a JSON object as JSON, and its properties as text of any length", async () => {
    const key = bench.key();
    const long = `${CANARY}ä\n"`.repeat(8_000);
    await bench.world().put(key, encode({ long, user: "ü" }));
    const client = await bench.open();
    assert.deepEqual(JSON.parse(decode(await client.getSecret({ key }, limit())) ?? ""), { long, user: "ü" });
    assert.equal(decode(await client.getSecret({ key, property: "long" }, limit())), long);
  });
}

function propertyTests(bench: ContractBench): void {
  it("finds a property by literal key before path, and by nested and array paths", async () => {
    const key = bench.key();
    await bench.world().put(key, encode(SAMPLE));
    const client = await bench.open();
    const property = async (name: string) => decode(await client.getSecret({ key, property: name }, limit()));
    assert.equal(await property("user"), CANARY);
    assert.equal(await property("tls.crt"), `${CANARY}-dotted`);
    assert.equal(await property("db.hosts.0"), `${CANARY}-a`);
    assert.equal(await property("db.hosts.#"), "2");
    assert.equal(await property("db.port"), "5432");
    assert.equal(await property("nothing"), "");
  });

  it("refuses a missing property by name", async () => {
    const key = bench.key();
    await bench.world().put(key, encode(SAMPLE));
    const client = await bench.open();
    const error = await refusal(PropertyNotFound, client.getSecret({ key, property: "db.user" }, limit()));
    assert.match(error.message, /db\.user/);
    assert.ok(error.message.includes(key));
  });

  extractTests(bench);
}

function extractTests(bench: ContractBench): void {
  it("extracts the keys of an object, strings unquoted and other values as JSON", async () => {
    const key = bench.key();
    await bench.world().put(key, encode(SAMPLE));
    const map = await (await bench.open()).getSecretMap({ key }, limit());
    assert.deepEqual([...map.keys()].sort(), Object.keys(SAMPLE).sort());
    assert.equal(decode(map.get("tls.crt")), `${CANARY}-dotted`);
    assert.deepEqual(JSON.parse(decode(map.get("db")) ?? ""), SAMPLE.db);
    assert.equal(decode(map.get("nothing")), "");
  });

  it("extracts the keys of an object that a property names", async () => {
    const key = bench.key();
    await bench.world().put(key, encode(SAMPLE));
    const map = await (await bench.open()).getSecretMap({ key, property: "tls" }, limit());
    assert.deepEqual(
      [...map].map(([name, value]) => [name, decode(value)]),
      [["crt", "nested"]],
    );
  });

  it("refuses to extract keys of what is no object", async () => {
    const key = bench.key();
    await bench.world().put(key, encode(SAMPLE));
    const client = await bench.open();
    await refusal(InvalidConfiguration, client.getSecretMap({ key, property: "user" }, limit()));
    await refusal(InvalidConfiguration, client.getSecretMap({ key, property: "db.hosts" }, limit()));
  });

  if (bench.capabilities.values === "jsonObjects") return;
  it("says of a value that is no JSON that it has no properties for that reason", async () => {
    const key = bench.key();
    await bench.world().put(key, encode(CANARY));
    const client = await bench.open();
    const error = await refusal(PropertyNotFound, client.getSecret({ key, property: "user" }, limit()));
    assert.match(error.message, /JSON/);
    await refusal(InvalidConfiguration, client.getSecretMap({ key }, limit()));
  });
}

function absenceTests(bench: ContractBench): void {
  it("reports a secret that never was, and one that is deleted, as not found", async () => {
    const key = bench.key();
    await bench.world().put(key, encode({ v: CANARY }));
    await bench.world().delete(key);
    const client = await bench.open();
    for (const absent of [key, bench.key()]) {
      const error = await refusal(SecretNotFound, client.getSecret({ key: absent }, limit()));
      assert.equal(error.details.remoteKey, absent);
      assert.ok(error.message.includes(absent));
      await refusal(SecretNotFound, client.getSecretMap({ key: absent }, limit()));
      await refusal(SecretNotFound, client.getSecret({ key: absent, property: "v" }, limit()));
    }
  });
}

function versionNoteTests(bench: ContractBench): void {
  it("notes its version on a value, on a property of it and on its keys", async () => {
    const key = bench.key();
    const client = await bench.open();
    const versions: (string | undefined)[] = [];
    for (const v of [`${CANARY}-1`, `${CANARY}-2`]) {
      await bench.world().put(key, encode({ v }));
      const read = [client.getSecret({ key }, limit()), client.getSecret({ key, property: "v" }, limit())];
      const noted = (await Promise.all([...read, client.getSecretMap({ key }, limit())])).map(versionOf);
      const expected = (await bench.world().versionOf?.(key))?.replace(/^uuid\//, "") ?? noted[0];
      assert.deepEqual(noted, [expected, expected, expected]);
      versions.push(expected);
    }
    assert.ok(versions.every((version) => version !== undefined && version.length > 0));
    assert.notEqual(versions[0], versions[1]);
  });
}

function versionTests(bench: ContractBench): void {
  it("gives an old version by its name, the latest without, and none for an unknown one", async () => {
    const key = bench.key();
    const world = bench.world();
    await world.put(key, encode({ v: `${CANARY}-1` }));
    const first = await world.versionOf?.(key);
    await world.put(key, encode({ v: `${CANARY}-2` }));
    const client = await bench.open();
    assert.ok(first !== undefined);
    const property = "v";
    assert.equal(decode(await client.getSecret({ key, property, version: first }, limit())), `${CANARY}-1`);
    assert.equal(decode(await client.getSecret({ key, property }, limit())), `${CANARY}-2`);
    await refusal(SecretNotFound, client.getSecret({ key, version: "99" }, limit()));
  });
}
