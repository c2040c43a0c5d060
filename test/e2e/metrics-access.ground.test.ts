import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type ControlPlane, startControlPlane } from "../ground/index.ts";
import { type InProcessController, startInProcessController } from "./in-process-controller.ts";

let plane: ControlPlane;
let controller: InProcessController | undefined;
before(async () => {
  plane = await startControlPlane();
  controller = await startInProcessController(plane, { metricsAuth: true });
});
after(async () => {
  await controller?.stop();
  await plane?.stop();
});

async function tokenOf(account: string): Promise<string> {
  await plane.kubectl(["create", "serviceaccount", account, "-n", "default"]);
  return (await plane.kubectl(["create", "token", account, "-n", "default"])).stdout.trim();
}

async function statusWith(token: string | undefined): Promise<number> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return (await fetch(`http://127.0.0.1:${controller?.metricsPort}/metrics`, { headers })).status;
}

test("metrics are for those whom the API server knows and permits", async () => {
  const [scraper, stranger] = [await tokenOf("scraper"), await tokenOf("stranger")];
  await plane.kubectl(["create", "clusterrole", "metrics-reader", "--verb=get", "--non-resource-url=/metrics"]);
  await plane.kubectl([
    "create",
    "clusterrolebinding",
    "metrics-reader",
    "--clusterrole=metrics-reader",
    "--serviceaccount=default:scraper",
  ]);
  assert.equal(await statusWith(undefined), 401);
  assert.equal(await statusWith("no-token"), 401);
  assert.equal(await statusWith(stranger), 403);
  assert.equal(await statusWith(scraper), 200);
});
