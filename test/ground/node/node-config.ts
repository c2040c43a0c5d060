/** The configuration files of what runs on a node. */
import { mkdir, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import type { NodeNetwork } from "./node-network.ts";
import type { NodePrograms } from "./node-programs.ts";
import { PAUSE_IMAGE } from "./pause-image.ts";

export interface NodeConfigInputs {
  /** The files' folder; logs and data go there too. */
  readonly folder: string;
  readonly nodeName: string;
  readonly network: NodeNetwork;
  readonly programs: NodePrograms;
}

/** The magic number of overlayfs, on which no second overlayfs can be mounted. */
const OVERLAYFS = 0x794c7630;

/** Writes `containerd.toml`, `kubelet.yaml`, `kube-proxy.yaml` and the network plugins' list. */
export async function writeNodeConfig(inputs: NodeConfigInputs): Promise<void> {
  const { folder } = inputs;
  await mkdir(join(folder, "cni"));
  const snapshotter = (await statfs(folder)).type === OVERLAYFS ? "native" : "overlayfs";
  await writeFile(join(folder, "cni", "10-pods.conflist"), JSON.stringify(networkPlugins(inputs)));
  await writeFile(join(folder, "containerd.toml"), containerdConfig(inputs, snapshotter));
  await writeFile(join(folder, "kubelet.yaml"), stringify(kubeletConfig(inputs)));
  await writeFile(join(folder, "kube-proxy.yaml"), stringify(kubeProxyConfig(inputs)));
}

function networkPlugins({ network }: NodeConfigInputs): unknown {
  const ranges = [[{ subnet: network.podNetwork }]];
  const ipam = { type: "host-local", dataDir: "/run/cni", ranges, routes: [{ dst: "0.0.0.0/0" }] };
  const bridge = { type: "bridge", bridge: "cni0", isGateway: true, hairpinMode: true, ipam };
  return { cniVersion: "1.0.0", name: "pods", plugins: [bridge] };
}

/** A TOML string has JSON's escapes. */
function containerdConfig({ folder, programs }: NodeConfigInputs, snapshotter: string): string {
  const text = (value: string) => JSON.stringify(value);
  return `version = 2
root = ${text(join(folder, "containerd"))}
state = "/run/containerd"
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs"]
[grpc]
  address = "/run/containerd/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = ${text(PAUSE_IMAGE)}
  # In a namespace of its own, root may not lower the scores.
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = ${text(snapshotter)}
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        BinaryName = ${text(programs.runcPath)}
        SystemdCgroup = false
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = ${text(programs.pluginFolder)}
    conf_dir = ${text(join(folder, "cni"))}
`;
}

function kubeletConfig({ folder, network }: NodeConfigInputs): unknown {
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: network.nodeAddress,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: join(folder, "ca.crt") },
    },
    authorization: { mode: "Webhook" },
    tlsCertFile: join(folder, "kubelet-serving.crt"),
    tlsPrivateKeyFile: join(folder, "kubelet-serving.key"),
    containerRuntimeEndpoint: "unix:///run/containerd/containerd.sock",
    cgroupDriver: "cgroupfs",
    cgroupRoot: `/${network.name}`,
    failCgroupV1: false,
    failSwapOn: false,
    oomScoreAdj: 0,
    makeIPTablesUtilChains: false,
    // The disk is this machine's: how full it is says nothing about the node.
    imageGCHighThresholdPercent: 100,
    evictionHard: {
      "nodefs.available": "0%",
      "imagefs.available": "0%",
      "nodefs.inodesFree": "0%",
      "imagefs.inodesFree": "0%",
      "memory.available": "1Mi",
    },
    // A changed Secret is in its volumes after 5 s, not after a minute.
    syncFrequency: "5s",
    maxPods: 50,
    volumePluginDir: join(folder, "volume-plugins"),
    podLogsDir: join(folder, "pod-logs"),
    // Pods have no name server: there is no cluster DNS, and theirs is not to be this machine's.
    resolvConf: "",
  };
}

function kubeProxyConfig({ folder, network, nodeName }: NodeConfigInputs): unknown {
  return {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    mode: "nftables",
    clientConnection: { kubeconfig: join(folder, "kube-proxy.kubeconfig") },
    clusterCIDR: network.podNetwork,
    hostnameOverride: nodeName,
    bindAddress: network.nodeAddress,
    oomScoreAdj: 0,
    // These limits are the whole machine's: leave them.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
  };
}
