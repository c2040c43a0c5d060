import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { TLSSocket } from "node:tls";
import type { KubeClient, KubeObject } from "../../controller/kube/contracts.ts";
import { ScrapeAuthorizer } from "../../controller/metrics-access/authorize-scrape.ts";
import { readTlsPair } from "../../controller/metrics-access/tls-files.ts";
import { FakeClock } from "../fake-clock.ts";
import { type CertificateAuthority, createCertificateAuthority } from "../ground/pki.ts";
import { startTestController } from "./controller-fixture.ts";

/** A folder as a mounted Secret of type `kubernetes.io/tls` has it. */
async function certificateFolder(context: TestContext, authority: CertificateAuthority) {
  const folder = await mkdtemp(join(tmpdir(), "metrics-tls-"));
  context.after(() => rm(folder, { recursive: true }));
  const files = { certificateFile: join(folder, "tls.crt"), keyFile: join(folder, "tls.key") };
  const issue = async () => {
    const issued = await authority.issue({ commonName: "127.0.0.1", hosts: ["127.0.0.1"] });
    await writeFile(files.keyFile, issued.privateKeyPem);
    await writeFile(files.certificateFile, issued.certificatePem);
  };
  await issue();
  return { files, issue };
}

/** The metrics, and the serial number of the certificate that they came with. */
function scrape(port: number | undefined, ca: string): Promise<{ readonly body: string; readonly serial: string }> {
  return new Promise((resolve, reject) => {
    get({ host: "127.0.0.1", port, path: "/metrics", ca, agent: false }, (response) => {
      const serial = (response.socket as TLSSocket).getPeerCertificate().serialNumber;
      let body = "";
      response.on("data", (chunk) => {
        body += chunk;
      });
      response.on("end", () => resolve({ body, serial }));
    }).on("error", reject);
  });
}

test("metrics are served by TLS, with a renewed certificate as soon as it is there", async (context) => {
  const authority = await createCertificateAuthority();
  const { files, issue } = await certificateFolder(context, authority);
  const it = await startTestController(context, { options: { metricsTls: files } });
  const first = await scrape(it.ports.metrics, authority.certificatePem);
  assert.match(first.body, /^workqueue_depth/m);
  await issue();
  const renewed = () => it.lines.some(({ message }) => message === "the certificate of the metrics was renewed");
  await it.soon("the renewal", renewed, 10_000);
  assert.notEqual((await scrape(it.ports.metrics, authority.certificatePem)).serial, first.serial);
  await writeFile(files.certificateFile, "no certificate");
  await it.soon(
    "the warning",
    () => it.lines.some(({ level, message }) => level === "warn" && /old one stays/.test(message)),
    10_000,
  );
  await scrape(it.ports.metrics, authority.certificatePem);
});

test("a certificate that is missing is told by its file", async () => {
  const missing = { certificateFile: import.meta.filename, keyFile: "/nowhere/tls.key" };
  await assert.rejects(readTlsPair(missing), /\/nowhere\/tls\.key cannot be read \(ENOENT\); mount the certificate/);
});

/** An API server that knows two tokens. */
function reviewer() {
  const calls: string[] = [];
  const kube = {
    async create(type: { readonly kind: string }, object: KubeObject & { readonly spec: Record<string, unknown> }) {
      calls.push(type.kind);
      const { token, user } = object.spec;
      const known = token === "admin" || token === "guest";
      const status =
        type.kind === "TokenReview"
          ? { authenticated: known, user: { username: token } }
          : { allowed: user === "admin" };
      return { ...object, status };
    },
  } as unknown as Pick<KubeClient, "create">;
  return { calls, kube };
}

test("who asks for the metrics must be known and permitted, and is asked about once a minute", async () => {
  const { calls, kube } = reviewer();
  const clock = new FakeClock();
  const authorizer = new ScrapeAuthorizer(kube, clock);
  assert.equal(await authorizer.verdict("/metrics", undefined), 401);
  assert.equal(await authorizer.verdict("/metrics", "Basic YTpi"), 401);
  assert.deepEqual(calls, []);
  assert.equal(await authorizer.verdict("/metrics", "Bearer stranger"), 401);
  assert.equal(await authorizer.verdict("/metrics", "Bearer guest"), 403);
  assert.equal(await authorizer.verdict("/metrics", "Bearer admin"), 200);
  const asked = calls.length;
  assert.equal(await authorizer.verdict("/metrics", "Bearer admin"), 200);
  assert.equal(calls.length, asked);
  await clock.advance(60_001);
  assert.equal(await authorizer.verdict("/metrics", "Bearer admin"), 200);
  assert.equal(calls.length, asked + 2);
});
