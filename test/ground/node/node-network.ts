/** The network between this machine and a node: a pair of links, two addresses, and the addresses of the node's pods. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { promisify } from "node:util";
import { type CgroupHierarchy, claimCgroup } from "./cgroup-folders.ts";

const IP_MS = 10_000;

export interface NodeNetwork {
  /** Names the node's link and control groups on this machine. */
  readonly name: string;
  /** This machine, as the node and its pods see it. */
  readonly hostAddress: string;
  readonly nodeAddress: string;
  /** The pods' addresses, `a.b.c.0/24`. */
  readonly podNetwork: string;
}

/** The network with a number from 0 to 255. */
export function nodeNetwork(number: number): NodeNetwork {
  return {
    name: `ground-node-${number}`,
    hostAddress: `10.213.${number}.1`,
    nodeAddress: `10.213.${number}.2`,
    podNetwork: `10.214.${number}.0/24`,
  };
}

/**
 * Takes the first network that is free, together with the control group of its name.
 * @throws where all 256 are taken.
 */
export async function claimNodeNetwork(hierarchies: readonly CgroupHierarchy[]): Promise<NodeNetwork> {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  for (let number = 0; number < 256; number++) {
    const network = nodeNetwork(number);
    const isUsed = addresses.some(({ address }) => address.startsWith(`10.213.${number}.`));
    if (isUsed || existsSync(`/sys/class/net/${network.name}`)) continue;
    if (await claimCgroup(hierarchies, network.name)) return network;
  }
  throw new Error("all 256 networks of nodes (10.213.0.0/16) are taken on this machine");
}

/** Joins this machine and the network namespace of the process `pid`, in which the link is called `eth0`. */
export async function connectNode(network: NodeNetwork, pid: number, signal: AbortSignal | undefined): Promise<void> {
  const { name, hostAddress, nodeAddress, podNetwork } = network;
  const ip = (...args: string[]) =>
    promisify(execFile)("ip", args, { timeout: IP_MS, ...(signal === undefined ? {} : { signal }) });
  await ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", String(pid));
  await ip("address", "add", `${hostAddress}/24`, "dev", name);
  await ip("link", "set", name, "up");
  await ip("route", "add", podNetwork, "via", nodeAddress);
}
