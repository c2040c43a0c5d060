/** What the backend `kubernetes` asks of an API server, and what it makes of it. */
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { AccessDenied, InvalidConfiguration, PropertyNotFound, Transient } from "../../providers/errors.ts";
import { refusal } from "../contract/refusal.ts";
import {
  type KubeScript,
  limit,
  type ScriptedApiServer,
  STORED_TOKEN,
  secretAnswer,
  startScriptedApiServer,
  statusAnswer,
} from "./kubernetes-surroundings.ts";

const MARKED = { labels: { "managed-by": "external-secrets" } };
let server: ScriptedApiServer;

afterEach(async () => server?.stop());

async function openWith(script: KubeScript, ...more: Parameters<ScriptedApiServer["open"]>) {
  server = await startScriptedApiServer(script);
  return server.open(...more);
}

const decode = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

describe("reading from Kubernetes", () => {
  it("takes the key of exactly that name, then paths in the JSON of a key", async () => {
    const values = { "a.b": "whole", a: '{"b":"in a","c":{"d":"1"}}', "a.json": '{"x":"in a.json"}' };
    const client = await openWith(() => secretAnswer("db", values));
    const property = async (name: string) => decode(await client.getSecret({ key: "db", property: name }, limit()));
    assert.equal(await property("a.b"), "whole");
    assert.equal(await property("a.c.d"), "1");
    assert.equal(await property("a.json.x"), "in a.json");
    for (const name of ["none", "a.none", "a.", ".a", "a.json."]) {
      const error = await refusal(PropertyNotFound, client.getSecret({ key: "db", property: name }, limit()));
      assert.equal(error.details.property, name);
    }
  });

  it("gives all data as JSON with sorted keys, and a Secret without data as an empty object", async () => {
    const client = await openWith(({ url }) =>
      url.endsWith("/empty") ? secretAnswer("empty", {}) : secretAnswer("db", { b: "<2>", a: 'ä"' }),
    );
    assert.equal(decode(await client.getSecret({ key: "db" }, limit())), '{"a":"ä\\"","b":"<2>"}');
    assert.equal(decode(await client.getSecret({ key: "empty" }, limit())), "{}");
    assert.equal((await client.getSecretMap({ key: "empty" }, limit())).size, 0);
  });

  it("gives labels and annotations as metadata, whole, by kind and by name", async () => {
    const metadata = { labels: { "app.kubernetes.io/name": "x" }, annotations: { config: '{"a":{"b":"deep"}}' } };
    const client = await openWith(() => secretAnswer("db", { a: "1" }, metadata));
    const read = async (property?: string) => {
      const ref = { key: "db", metadataPolicy: "Fetch", ...(property === undefined ? {} : { property }) } as const;
      return decode(await client.getSecret(ref, limit()));
    };
    assert.deepEqual(JSON.parse(await read()), metadata);
    assert.deepEqual(JSON.parse(await read("labels")), metadata.labels);
    assert.equal(await read("labels.app.kubernetes.io/name"), "x");
    assert.equal(await read("annotations.config.a.b"), "deep");
    await refusal(PropertyNotFound, read("labels.none"));
    await refusal(PropertyNotFound, read("a"));
  });

  it("refuses a version, which Secrets do not have", async () => {
    const client = await openWith(() => secretAnswer("db", {}));
    await refusal(InvalidConfiguration, client.getSecret({ key: "db", version: "1" }, limit()));
  });
});

describe("finding in Kubernetes", () => {
  it("sends labels as the selector and refuses what is no label", async () => {
    const client = await openWith(({ url }) =>
      url.includes("?") ? { body: { kind: "SecretList", metadata: {}, items: [] } } : undefined,
    );
    await client.findSecrets({ tags: { "app.io/team": "blue", tier: "" } }, limit());
    assert.match(server.requests[0]?.url ?? "", /\?limit=40&labelSelector=app\.io%2Fteam%3Dblue%2Ctier%3D$/);
    for (const tags of [{ a: "b,c=d" }, { "a,b": "c" }, { a: "-" }]) {
      await refusal(InvalidConfiguration, client.findSecrets({ tags }, limit()));
    }
    await refusal(InvalidConfiguration, client.findSecrets({ path: "a" }, limit()));
    await refusal(InvalidConfiguration, client.findSecrets({}, limit()));
  });

  it("begins the list anew when a page has expired, and gives up in the end", async () => {
    let expirations = 1;
    const client = await openWith(({ url }) => {
      const page = (name: string, metadata: unknown) => ({
        body: { kind: "SecretList", metadata, items: [{ metadata: { name }, data: {} }] },
      });
      if (!url.includes("continue=next")) return page("a", { continue: "next" });
      return expirations-- > 0 ? statusAnswer(410, "Expired") : page("b", {});
    });
    assert.deepEqual([...(await client.findSecrets({ nameRegexp: "." }, limit())).keys()], ["a", "b"]);
    assert.equal(server.requests.length, 4);
    expirations = Infinity;
    await refusal(Transient, client.findSecrets({ nameRegexp: "." }, limit()));
  });
});

describe("pushing to Kubernetes", () => {
  it("writes nothing where data, labels and annotations are equal already", async () => {
    const client = await openWith(() => secretAnswer("db", { a: "1", b: "2" }, MARKED));
    await client.pushSecret({ remoteKey: "db" }, Buffer.from('{"b":"2","a":"1"}'), limit());
    await client.pushSecret({ remoteKey: "db", property: "a" }, Buffer.from("1"), limit());
    assert.deepEqual(server.seen(/^(?!GET)/), []);
  });

  it("keeps all that it does not write, and writes over the version that it read", async () => {
    const metadata = { labels: { ...MARKED.labels, own: "x" }, finalizers: ["f"] };
    const client = await openWith(() => secretAnswer("db", { a: "1", b: "2" }, metadata));
    const spec = { labels: { team: "blue" }, annotations: { note: "n" } };
    await client.pushSecret({ remoteKey: "db", property: "a", metadata: spec }, Buffer.from("3"), limit());
    const written = JSON.parse(server.requests.at(-1)?.body ?? "");
    assert.deepEqual(written.data, { a: "Mw==", b: "Mg==" });
    assert.deepEqual(written.metadata.labels, { ...metadata.labels, team: "blue" });
    assert.deepEqual(written.metadata.annotations, { note: "n" });
    assert.deepEqual(written.metadata.finalizers, ["f"]);
    assert.equal(written.metadata.resourceVersion, "7");
  });

  it("replaces or ignores labels as the policy says, and never its own", async () => {
    const metadata = { labels: { ...MARKED.labels, own: "x" } };
    const client = await openWith(() => secretAnswer("db", { a: "1" }, metadata));
    const push = async (targetMergePolicy: string, value: string) => {
      const spec = { targetMergePolicy, labels: { "managed-by": "me", team: "blue" } };
      await client.pushSecret({ remoteKey: "db", property: "a", metadata: spec }, Buffer.from(value), limit());
      return JSON.parse(server.requests.at(-1)?.body ?? "").metadata.labels;
    };
    assert.deepEqual(await push("Replace", "1"), { ...MARKED.labels, team: "blue" });
    assert.deepEqual(await push("Ignore", "2"), metadata.labels);
    for (const spec of [
      { targetMergePolicy: "x" },
      { sourceMergePolicy: "Merge" },
      { labels: { a: 1 } },
      { x: 1 },
      [],
    ]) {
      const ref = { remoteKey: "db", property: "a", metadata: spec };
      await refusal(InvalidConfiguration, client.pushSecret(ref, Buffer.from("1"), limit()));
    }
  });

  it("goes to another namespace for a ClusterSecretStore only", async () => {
    const ref = { remoteKey: "db", property: "a", metadata: { remoteNamespace: "other" } };
    const client = await openWith(() => secretAnswer("db", { a: "1" }, MARKED));
    await refusal(InvalidConfiguration, client.pushSecret(ref, Buffer.from("2"), limit()));
    const ofCluster = await server.open({}, { store: { kind: "ClusterSecretStore", name: "store" } });
    await ofCluster.pushSecret(ref, Buffer.from("2"), limit());
    await ofCluster.deleteSecret(ref, limit());
    const path = "/api/v1/namespaces/other/secrets/db";
    assert.deepEqual(server.seen(/^(?!GET)/), [`PUT ${path}`, `DELETE ${path}`]);
    const { preconditions } = JSON.parse(server.requests.at(-1)?.body ?? "");
    assert.deepEqual(preconditions, { uid: "u", resourceVersion: "7" });
  });
});

describe("the validation of a store of Kubernetes", () => {
  const review = (rules: unknown, allowed: boolean): KubeScript => {
    return ({ url }) =>
      url.endsWith("selfsubjectrulesreviews")
        ? { status: 201, body: { kind: "SelfSubjectRulesReview", status: { resourceRules: rules, incomplete: true } } }
        : { status: 201, body: { kind: "SelfSubjectAccessReview", status: { allowed } } };
  };

  it("is passed by rules that give get, and by access where rules do not say it", async () => {
    const rules = [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }];
    assert.equal(await (await openWith(review(rules, false))).validate(limit()), "Ready");
    assert.equal(server.requests.length, 1);
    await server.stop();
    const others = [{ verbs: ["list"], apiGroups: [""], resources: ["secrets"] }];
    assert.equal(await (await openWith(review(others, true))).validate(limit()), "Ready");
  });

  it("is failed where neither does", async () => {
    const rules = [{ verbs: ["get"], apiGroups: ["example.com"], resources: ["secrets"] }];
    const error = await refusal(AccessDenied, (await openWith(review(rules, false))).validate(limit()));
    assert.match(error.details.remedy ?? "", /the verb "get" on the resource "secrets" in namespace "shared"/);
  });

  it("is unknown while the namespace of a service account is", async () => {
    const auth = { serviceAccount: { name: "reader" } };
    const store = { kind: "ClusterSecretStore", name: "store" } as const;
    const client = await openWith(() => undefined, { auth }, { store, namespace: undefined, issueToken: () => "t" });
    assert.equal(await client.validate(limit()), "Unknown");
  });

  it("sends the token of the store", async () => {
    const client = await openWith(() => secretAnswer("db", {}));
    await client.getSecret({ key: "db" }, limit());
    assert.equal(server.requests[0]?.headers.authorization, `Bearer ${STORED_TOKEN}`);
  });
});
