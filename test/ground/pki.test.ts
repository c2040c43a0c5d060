import assert from "node:assert/strict";
import { createPublicKey, X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import test, { type TestContext } from "node:test";
import { connect, createServer, type TLSSocket } from "node:tls";
import { createCertificateAuthority, createServiceAccountKeys, issueServerCertificate } from "./pki.ts";

async function serve(t: TestContext, options: Parameters<typeof createServer>[0]): Promise<number> {
  const server = createServer(options, (socket) => socket.end("hello"));
  t.after(() => server.close());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function greeting(socket: TLSSocket): Promise<string> {
  const [chunk] = await once(socket, "data");
  socket.destroy();
  return String(chunk);
}

test("a client that trusts the authority accepts the server by name and by address", async (t) => {
  const { certificatePem, privateKeyPem, caPem } = await issueServerCertificate();
  const port = await serve(t, { cert: certificatePem, key: privateKeyPem });
  for (const host of ["localhost", "127.0.0.1"]) {
    assert.equal(
      await greeting(connect({ host: "127.0.0.1", port, ca: caPem, servername: host === "localhost" ? host : "" })),
      "hello",
    );
  }
});

test("a client that trusts another authority refuses the server", async (t) => {
  const { certificatePem, privateKeyPem } = await issueServerCertificate();
  const { certificatePem: other } = await createCertificateAuthority();
  const port = await serve(t, { cert: certificatePem, key: privateKeyPem });
  await assert.rejects(greeting(connect({ host: "127.0.0.1", port, ca: other })), {
    code: /SIGNATURE|SELF_SIGNED|VERIFY/,
  });
});

test("a server that asks for a client certificate sees user and groups", async (t) => {
  const authority = await createCertificateAuthority();
  const server = await authority.issue({ commonName: "server", hosts: ["127.0.0.1"] });
  const client = await authority.issue({ commonName: "alice", organizations: ["admins", "people"] });
  const ca = authority.certificatePem;
  const port = await serve(t, {
    cert: server.certificatePem,
    key: server.privateKeyPem,
    ca,
    requestCert: true,
    rejectUnauthorized: true,
  });
  const socket = connect({ host: "127.0.0.1", port, ca, cert: client.certificatePem, key: client.privateKeyPem });
  assert.equal(await greeting(socket), "hello");
  assert.equal(new X509Certificate(client.certificatePem).subject, "O=admins\nO=people\nCN=alice");
});

test("a certificate may be one that has expired", async () => {
  const authority = await createCertificateAuthority();
  const notAfter = new Date("2024-01-02T00:00:00Z");
  const issued = await authority.issue({ commonName: "old", notBefore: new Date("2024-01-01T00:00:00Z"), notAfter });
  assert.equal(new X509Certificate(issued.certificatePem).validToDate.getTime(), notAfter.getTime());
});

test("serial numbers of an authority differ", async () => {
  const authority = await createCertificateAuthority();
  const [one, two] = await Promise.all([authority.issue({ commonName: "a" }), authority.issue({ commonName: "a" })]);
  assert.notEqual(
    new X509Certificate(one.certificatePem).serialNumber,
    new X509Certificate(two.certificatePem).serialNumber,
  );
});

test("service-account keys are an RSA pair", async () => {
  const { publicKeyPem, privateKeyPem } = await createServiceAccountKeys();
  assert.equal(createPublicKey(privateKeyPem).export({ type: "spki", format: "pem" }), publicKeyPem);
  assert.equal(createPublicKey(publicKeyPem).asymmetricKeyType, "rsa");
});
