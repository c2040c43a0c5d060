/** Which proxy a URL goes by. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { InvalidConfiguration } from "../../providers/errors.ts";
import { proxyFor } from "../../providers/proxy.ts";

const by = (url: string, environment: Record<string, string>) => proxyFor(new URL(url), environment)?.href;
const isDirect = (url: string, noProxy: string) =>
  by(url, { HTTPS_PROXY: "http://proxy:1", NO_PROXY: noProxy }) === undefined;

describe("the choice of a proxy", () => {
  it("takes the variable of the scheme, in upper or lower case, and http where the proxy names no scheme", () => {
    const both = { HTTP_PROXY: "http://plain:1", HTTPS_PROXY: "http://tls:2" };
    assert.equal(by("http://a.example", both), "http://plain:1/");
    assert.equal(by("https://a.example", both), "http://tls:2/");
    assert.equal(by("https://a.example", { https_proxy: "proxy:3128" }), "http://proxy:3128/");
    assert.equal(
      by("https://a.example", { HTTPS_PROXY: "https://upper:1", https_proxy: "http://lower:2" }),
      "https://upper:1/",
    );
    assert.equal(by("https://a.example", { HTTP_PROXY: "http://plain:1" }), undefined);
    assert.equal(by("https://a.example", {}), undefined);
  });

  it("lets NO_PROXY name a host with its subdomains, or the subdomains alone", () => {
    assert.ok(isDirect("https://example.com", "example.com"));
    assert.ok(isDirect("https://A.Example.com", "other.org, EXAMPLE.com"));
    assert.ok(!isDirect("https://notexample.com", "example.com"));
    for (const entry of [".example.com", "*.example.com"]) {
      assert.ok(isDirect("https://a.b.example.com", entry));
      assert.ok(!isDirect("https://example.com", entry));
    }
    assert.ok(isDirect("https://anything.example", "*"));
    assert.ok(!isDirect("https://example.com", " , "));
    assert.equal(by("https://a.example.com", { HTTPS_PROXY: "http://proxy:1", no_proxy: "example.com" }), undefined);
  });

  it("lets NO_PROXY name ports, addresses and CIDRs of either version", () => {
    assert.ok(isDirect("https://example.com:8443", "example.com:8443"));
    assert.ok(isDirect("https://example.com", "example.com:443"));
    assert.ok(!isDirect("https://example.com", "example.com:8443"));
    assert.ok(isDirect("https://10.1.2.3", "10.1.2.3"));
    assert.ok(!isDirect("https://110.1.2.3", "10.1.2.3"));
    assert.ok(isDirect("https://10.96.0.1:6443", "10.96.0.0/12"));
    assert.ok(!isDirect("https://10.112.0.1", "10.96.0.0/12"));
    assert.ok(isDirect("https://[fd00::1]", "fd00::/8"));
    assert.ok(isDirect("https://[fd00::1]:8443", "[fd00::1]:8443"));
    assert.ok(isDirect("https://[fd00::1]", "fd00::1"));
    assert.ok(!isDirect("https://10.1.2.3", "10.0.0.0/99,10.0.0.0/x,/,nonsense"));
    assert.ok(!isDirect("https://example.com", "10.0.0.0/8"));
  });

  it("refuses what is no http or https URL, without quoting it", () => {
    for (const address of ["socks5://user:c4n4ry@host:1", "http://", "http://user:c4n4ry@:80"]) {
      assert.throws(
        () => by("https://a.example", { HTTPS_PROXY: address }),
        (error) => error instanceof InvalidConfiguration && !error.describe().includes("c4n4ry"),
      );
    }
  });
});
