/** Certificates of the authority, from the store itself or from the cluster. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { CAProvider } from "../../api/selectors.ts";
import { resolveCaBundle } from "../../providers/ca-bundle.ts";
import { InvalidConfiguration } from "../../providers/errors.ts";
import { refusal } from "../contract/refusal.ts";
import { createStoreContext } from "../contract/store-context.ts";
import { issueServerCertificate } from "../ground/pki.ts";

const { caPem } = await issueServerCertificate(["localhost"]);
const base64 = (text: string) => Buffer.from(text).toString("base64");

const context = createStoreContext({
  secrets: { "ca/ca.crt": caPem, "ca/other": caPem },
  configMaps: { "ca/bundle.pem": caPem, "ca/broken": "c4n4ry" },
});

function resolve(spec: { readonly caBundle?: string; readonly caProvider?: CAProvider }): Promise<string | undefined> {
  return resolveCaBundle(spec, context, "spec.provider.vault", AbortSignal.timeout(5_000));
}

describe("a CA bundle", () => {
  it("is base64 of PEM, PEM, or base64 of base64", async () => {
    for (const caBundle of [base64(caPem), caPem, base64(base64(caPem))]) {
      assert.match((await resolve({ caBundle })) ?? "", /^-----BEGIN CERTIFICATE-----/);
    }
  });

  it("may hold several certificates and text between them", async () => {
    const both = await resolve({ caBundle: base64(`# one\n${caPem}\n# two\n${caPem}`) });
    assert.equal(both?.match(/BEGIN CERTIFICATE/g)?.length, 2);
  });

  it("is read from a Secret or ConfigMap", async () => {
    assert.ok(await resolve({ caProvider: { type: "Secret", name: "ca" } }));
    assert.ok(await resolve({ caProvider: { type: "Secret", name: "ca", key: "other" } }));
    assert.ok(await resolve({ caProvider: { type: "ConfigMap", name: "ca", key: "bundle.pem" } }));
  });

  it("is unset where neither is given", async () => {
    assert.equal(await resolve({}), undefined);
    assert.equal(await resolve({ caBundle: "" }), undefined);
  });

  it("names the field where it holds no certificate, and none of its content", async () => {
    const bundle = await refusal(InvalidConfiguration, resolve({ caBundle: base64("c4n4ry") }));
    assert.match(bundle.message, /spec\.provider\.vault\.caBundle/);
    const broken = resolve({ caProvider: { type: "ConfigMap", name: "ca", key: "broken" } });
    assert.match((await refusal(InvalidConfiguration, broken)).message, /spec\.provider\.vault\.caProvider/);
    const garbled = caPem.replace(/\n[A-Za-z]/, "\n!");
    await refusal(InvalidConfiguration, resolve({ caBundle: base64(garbled.replaceAll("M", "!")) }));
  });
});
