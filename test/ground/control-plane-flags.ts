/** The command lines of the control plane's programs. */
import { isIP } from "node:net";
import { join } from "node:path";
import { type ClusterPki, SERVICE_NETWORK } from "./cluster-pki.ts";

export interface ControlPlanePorts {
  readonly etcd: number;
  readonly etcdPeer: number;
  readonly apiServer: number;
  readonly controllerManager: number;
  readonly scheduler: number;
}

export interface FlagInputs {
  readonly folder: string;
  /** The address that the API server binds. */
  readonly hostAddress: string;
  readonly ports: ControlPlanePorts;
  readonly pki: ClusterPki;
}

/** Data is worth nothing after a crash of the machine, so nothing is flushed to the disk. */
export function etcdFlags({ folder, ports }: FlagInputs): string[] {
  const client = `http://127.0.0.1:${ports.etcd}`;
  const peer = `http://127.0.0.1:${ports.etcdPeer}`;
  return [
    "--name=ground",
    `--data-dir=${join(folder, "etcd")}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=ground=${peer}`,
    "--unsafe-no-fsync=true",
    "--log-level=warn",
  ];
}

export function apiServerFlags({ hostAddress, ports, pki }: FlagInputs, more: readonly string[]): string[] {
  const file = (name: string) => join(pki.folder, name);
  return [
    `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
    `--bind-address=${hostAddress}`,
    `--advertise-address=${hostAddress}`,
    `--secure-port=${ports.apiServer}`,
    // A loopback address may not stand in the endpoints of the Service "kubernetes".
    `--endpoint-reconciler-type=${isLoopback(hostAddress) ? "none" : "lease"}`,
    `--service-cluster-ip-range=${SERVICE_NETWORK}`,
    `--tls-cert-file=${file("apiserver.crt")}`,
    `--tls-private-key-file=${file("apiserver.key")}`,
    `--client-ca-file=${file("ca.crt")}`,
    "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
    `--service-account-key-file=${file("sa.pub")}`,
    `--service-account-signing-key-file=${file("sa.key")}`,
    "--authorization-mode=Node,RBAC",
    "--enable-admission-plugins=NodeRestriction",
    `--kubelet-certificate-authority=${file("ca.crt")}`,
    `--kubelet-client-certificate=${file("apiserver-kubelet-client.crt")}`,
    `--kubelet-client-key=${file("apiserver-kubelet-client.key")}`,
    "--kubelet-preferred-address-types=InternalIP",
    // The Service network exists on a node only, never on this machine.
    `--enable-aggregator-routing=${!isLoopback(hostAddress)}`,
    "--allow-privileged=true",
    "--profiling=false",
    ...more,
  ];
}

export function controllerManagerFlags({ folder, ports, pki }: FlagInputs): string[] {
  const file = (name: string) => join(pki.folder, name);
  return [
    ...clientFlags(pki.kubeconfigPaths["controller-manager"]),
    "--bind-address=127.0.0.1",
    `--secure-port=${ports.controllerManager}`,
    `--cert-dir=${join(folder, "controller-manager")}`,
    `--service-account-private-key-file=${file("sa.key")}`,
    `--root-ca-file=${file("ca.crt")}`,
    `--cluster-signing-cert-file=${file("ca.crt")}`,
    `--cluster-signing-key-file=${file("ca.key")}`,
    "--use-service-account-credentials=true",
    "--leader-elect=false",
    // With the default limits its start takes seven seconds more.
    "--kube-api-qps=1000",
    "--kube-api-burst=2000",
    `--service-cluster-ip-range=${SERVICE_NETWORK}`,
  ];
}

export function schedulerFlags({ folder, ports, pki }: FlagInputs): string[] {
  return [
    ...clientFlags(pki.kubeconfigPaths.scheduler),
    "--bind-address=127.0.0.1",
    `--secure-port=${ports.scheduler}`,
    `--cert-dir=${join(folder, "scheduler")}`,
    "--leader-elect=false",
  ];
}

function clientFlags(kubeconfig: string): string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
  ];
}

function isLoopback(address: string): boolean {
  return (isIP(address) === 4 && address.startsWith("127.")) || address === "::1";
}
