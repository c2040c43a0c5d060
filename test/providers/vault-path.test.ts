/** Keys as paths of Vault's API. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InvalidConfiguration } from "../../providers/errors.ts";
import { encodePath, kvPath } from "../../providers/vault/kv-path.ts";

type Spec = Parameters<typeof kvPath>[0];
const V2: Spec = { path: "team/kv" };
const V1: Spec = { path: "team/kv", version: "v1" };

describe("the path of a key", () => {
  const cases: readonly (readonly [Spec, key: string, data: string, metadata: string])[] = [
    [V2, "app/db", "team/kv/data/app/db", "team/kv/metadata/app/db"],
    [V2, "team/kv/app/db", "team/kv/data/app/db", "team/kv/metadata/app/db"],
    [V2, "team/kv/data/app/db", "team/kv/data/app/db", "team/kv/metadata/app/db"],
    [V2, "data/app", "team/kv/data/data/app", "team/kv/metadata/data/app"],
    [V2, "/app", "team/kv/data/app", "team/kv/metadata/app"],
    [{ path: "/kv/" }, "app", "kv/data/app", "kv/metadata/app"],
    [V1, "app/db", "team/kv/app/db", "team/kv/app/db"],
    [V1, "team/kv/app/db", "team/kv/app/db", "team/kv/app/db"],
    [V1, "data/app", "team/kv/data/app", "team/kv/data/app"],
    [{}, "secret/app/db", "secret/data/app/db", "secret/metadata/app/db"],
    [{}, "team/kv/data/app", "team/kv/data/app", "team/kv/metadata/app"],
    [{ path: "" }, "secret/app", "secret/data/app", "secret/metadata/app"],
    [{ version: "v1" }, "secret/app", "secret/app", "secret/app"],
  ];
  for (const [spec, key, data, metadata] of cases) {
    it(`${key} with path ${spec.path} and ${spec.version ?? "v2"} is ${data}`, () => {
      assert.equal(kvPath(spec, key, "data"), data);
      assert.equal(kvPath(spec, key, "metadata"), metadata);
    });
  }

  it("may be the whole mount for a list only", () => {
    assert.equal(kvPath(V2, "", "metadata"), "team/kv/metadata/");
    assert.throws(() => kvPath(V2, "", "data"), InvalidConfiguration);
    assert.throws(() => kvPath({}, "", "metadata"), InvalidConfiguration);
  });

  it("never leaves the mount", () => {
    for (const key of ["../sys/mounts", "a/../../b", "a/./b"]) {
      assert.throws(() => kvPath(V2, key, "data"), InvalidConfiguration);
    }
  });

  it("is encoded part by part", () => {
    assert.equal(encodePath("kv/data/a b/ä?#%"), "kv/data/a%20b/%C3%A4%3F%23%25");
  });
});
