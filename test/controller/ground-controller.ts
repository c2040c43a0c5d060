/** A controller of this process on a real API server, with a real Vault, and what tests ask of them. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { systemClock } from "../../api/clock.ts";
import { createKubeClient } from "../../controller/kube/client.ts";
import type { ObjectMeta } from "../../controller/kube/contracts.ts";
import { loadKubeConfig } from "../../controller/kube/kube-config.ts";
import { DEFAULT_OPTIONS } from "../../controller/options.ts";
import { runController } from "../../controller/run.ts";
import { eventually } from "../eventually.ts";
import { type ControlPlane, startControlPlane, startVault, type Vault } from "../ground/index.ts";
import { keepingLogger, type LogLine } from "./kube/test-parts.ts";

export const GROUP = "/apis/external-secrets.io/v1";

/** The parts of any object that tests look at. */
export interface Found {
  readonly metadata: ObjectMeta;
  readonly data: Readonly<Record<string, string>>;
  readonly status?: { readonly conditions?: readonly { readonly status: string; readonly message: string }[] };
  /** Of an event. */
  readonly reason: string;
  readonly items: readonly Found[];
}

export interface GroundController {
  readonly plane: ControlPlane;
  readonly vault: Vault;
  readonly lines: readonly LogLine[];
  /** The port of `/healthz` and `/readyz`. */
  readonly livePort: number | undefined;
  /** Undefined where there is none. */
  find(path: string): Promise<Found | undefined>;
  /** Fails where there is none. */
  read(path: string): Promise<Found>;
  /** As a user applies it. */
  apply(object: object): Promise<void>;
  /** Waits for a Ready condition with that status whose message matches. */
  readyMessage(path: string, status: "True" | "False", message?: RegExp): Promise<string>;
  /** A namespace with a store of the Vault, which logs in by a token in the Secret `vault-token`. */
  namespaceWithStore(namespace: string, token?: string): Promise<void>;
  metrics(): Promise<string>;
  stop(): Promise<void>;
}

/** Starts all of it; the controller before its CRDs are there, which it waits for. */
export async function startGroundController(): Promise<GroundController> {
  const [plane, vault] = await Promise.all([startControlPlane(), startVault()]);
  const config = await loadKubeConfig({ environment: { KUBECONFIG: plane.kubeconfigPath } });
  const kube = createKubeClient(config, { clock: systemClock });
  const logger = keepingLogger();
  const abort = new AbortController();
  const listening = Promise.withResolvers<{ readonly metrics?: number; readonly live?: number }>();
  const running = runController(
    { ...DEFAULT_OPTIONS, metricsAddress: "127.0.0.1:0", liveAddress: "127.0.0.1:0" },
    {
      ...{ kube, clock: systemClock, logger, random: Math.random, environment: {}, signal: abort.signal },
      onListening: listening.resolve,
    },
  );
  const ports = await listening.promise;
  await installCrds(plane);
  return {
    ...looks(plane),
    ...arrangements(plane, vault),
    ...{ plane, vault, lines: logger.lines, livePort: ports.live },
    metrics: async () => (await fetch(`http://127.0.0.1:${ports.metrics}/metrics`)).text(),
    async stop() {
      abort.abort(new Error("the tests are over"));
      await running;
      kube.close();
      await Promise.all([plane.stop(), vault.stop()]);
    },
  };
}

/** Applies the generated CRDs. */
export async function installCrds(plane: ControlPlane): Promise<void> {
  const files = ["externalsecrets", "secretstores", "clustersecretstores"].flatMap((plural) => [
    "-f",
    join(import.meta.dirname, `../../crds/external-secrets.io_${plural}.yaml`),
  ]);
  await plane.kubectl(["apply", "--server-side", ...files]);
}

function looks(plane: ControlPlane): Pick<GroundController, "find" | "read" | "readyMessage"> {
  const find = async (path: string) => {
    const { status, body } = await plane.request({ path });
    return status === 200 ? (body as Found) : undefined;
  };
  return {
    find,
    async read(path) {
      const found = await find(path);
      assert.ok(found, `${path} is there`);
      return found;
    },
    async readyMessage(path, status, message = /.*/) {
      let last: unknown;
      const look = async () => {
        const found = await find(path);
        last = found?.status;
        const condition = found?.status?.conditions?.[0];
        return condition?.status === status && message.test(condition.message) ? condition.message : undefined;
      };
      return eventually(`${path} Ready=${status}`, look, { limitMs: 20_000 }).catch((cause) => {
        throw new Error(`the status is ${JSON.stringify(last)}`, { cause });
      });
    },
  };
}

function arrangements(plane: ControlPlane, vault: Vault): Pick<GroundController, "apply" | "namespaceWithStore"> {
  const apply = async (object: object) => {
    const input = JSON.stringify(object);
    await plane.kubectl(["apply", "--server-side", "--field-manager=a-user", "-f", "-"], { input });
  };
  const auth = { tokenSecretRef: { name: "vault-token", key: "token" } };
  const provider = { vault: { server: vault.address, path: "secret", version: "v2", auth } };
  return {
    apply,
    async namespaceWithStore(namespace, token = "root") {
      await plane.kubectl(["create", "namespace", namespace]);
      const secret = { namespace, name: "vault-token" };
      await apply({ apiVersion: "v1", kind: "Secret", metadata: secret, stringData: { token } });
      const metadata = { namespace, name: "store" };
      await apply({ apiVersion: "external-secrets.io/v1", kind: "SecretStore", metadata, spec: { provider } });
    },
  };
}
