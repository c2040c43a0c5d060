// What the node's test runs in a pod: GET / tells what the pod sees, GET /host?url= and GET /api ask from within.
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";

const account = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Resolves to the status and the body. */
function get(client, options) {
  return new Promise((resolve, reject) => {
    const request = client.get(options, async (response) => {
      let body = "";
      for await (const chunk of response) body += chunk;
      resolve({ status: response.statusCode, body });
    });
    request.setTimeout(5000, () => request.destroy(new Error("no answer within 5 s")));
    request.once("error", reject);
  });
}

function seen() {
  const [uid, args] = [process.getuid(), process.argv.slice(2)];
  return { uid, args, env: process.env.PASSWORD, volume: readFileSync("/etc/probe/password", "utf8") };
}

function askApiServer() {
  return get(https, {
    host: process.env.KUBERNETES_SERVICE_HOST,
    port: process.env.KUBERNETES_SERVICE_PORT,
    path: "/api/v1/namespaces/default/serviceaccounts/default",
    ca: readFileSync(`${account}/ca.crt`),
    headers: { authorization: `Bearer ${readFileSync(`${account}/token`, "utf8")}` },
  });
}

async function answer(url) {
  if (url.pathname === "/healthz") return "ok";
  if (url.pathname === "/host") return get(http, url.searchParams.get("url"));
  if (url.pathname === "/api") return askApiServer();
  return seen();
}

http
  .createServer((request, response) => {
    answer(new URL(request.url, "http://pod")).then(
      (body) => response.end(JSON.stringify(body)),
      (error) => response.writeHead(500).end(String(error)),
    );
  })
  .listen(8080, () => console.log("listening"));
process.on("SIGTERM", () => process.exit(0));
