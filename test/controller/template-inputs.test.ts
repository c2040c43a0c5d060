import assert from "node:assert/strict";
import { test } from "node:test";
import {
  EXTERNAL_SECRETS,
  externalSecret,
  fakeStore,
  SECRETS,
  STORES,
  startTestController,
} from "./controller-fixture.ts";

const CONFIG_MAPS = "/api/v1/configmaps";

const templateFrom = [
  { configMap: { name: "layout", items: [{ key: "url" }] } },
  { secret: { name: "more", items: [{ key: "extra" }] } },
];
const layout = (text: string) => ({ metadata: { namespace: "a", name: "layout" }, data: { url: text } });
const more = (text: string) => ({
  metadata: { namespace: "a", name: "more" },
  data: { extra: Buffer.from(text).toString("base64") },
});

test("a changed ConfigMap or Secret of templateFrom runs its ExternalSecrets at once, and no others", async (context) => {
  const it = await startTestController(context);
  it.put(STORES, fakeStore("a/store", { "app/db": "v" }));
  it.put(CONFIG_MAPS, layout("db://{{ .password }}"));
  it.put(SECRETS, more("one {{ .password }}"));
  it.put(EXTERNAL_SECRETS, externalSecret("a/db", { target: { template: { templateFrom } } as never }));
  it.put(EXTERNAL_SECRETS, externalSecret("a/other"));
  await it.ready("a/db", "True");
  await it.ready("a/other", "True");
  assert.deepEqual(it.dataOf("a/db"), { url: "db://v", extra: "one v" });
  const refreshesOfOther = async () =>
    /sync_calls_total\{name="other",namespace="a"\} (\d+)/.exec(await it.metrics())?.[1];
  const before = await refreshesOfOther();

  it.put(CONFIG_MAPS, layout("pg://{{ .password }}"));
  await it.soon("the new layout", () => it.dataOf("a/db")?.url === "pg://v");
  it.put(SECRETS, more("two {{ .password }}"));
  await it.soon("the new extra", () => it.dataOf("a/db")?.extra === "two v");
  assert.equal(await refreshesOfOther(), before);
});

test("a ConfigMap that comes later is used as soon as it is there", async (context) => {
  const it = await startTestController(context);
  it.put(STORES, fakeStore("a/store", { "app/db": "v" }));
  const template = { templateFrom: templateFrom.slice(0, 1) };
  it.put(EXTERNAL_SECRETS, externalSecret("a/db", { target: { template } as never }));
  await it.ready("a/db", "False", /layout/);
  it.put(CONFIG_MAPS, layout("db://{{ .password }}"));
  await it.ready("a/db", "True");
  assert.deepEqual(it.dataOf("a/db"), { url: "db://v" });
});
