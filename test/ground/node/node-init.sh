#!/usr/bin/env bash
# node-init.sh IMAGE.tar...: process 1 of a node's mount, network and process namespaces; when it ends, all in them ends.
# Variables: FOLDER (configuration and logs), HOST_ADDRESS, NODE_ADDRESS, NODE_NAME, KUBELET, KUBE_PROXY (programs).
set -euo pipefail
mount --make-rshared /
# What the kubelet, containerd and the network plugins keep at fixed places stays in here.
for folder in /run /var/lib /var/log; do mount -t tmpfs -o mode=755 tmpfs "$folder"; done
# The kubelet sets these for the whole machine where they differ: it is shown files that have its values.
mkdir /run/sysctl
while read -r file value; do
  shown=/run/sysctl/${file//\//.}
  echo "$value" > "$shown"
  mount --bind "$shown" "/proc/sys/$file"
done <<LIST
vm/overcommit_memory 1
vm/panic_on_oom 0
kernel/panic 10
kernel/panic_on_oops 1
kernel/keys/root_maxkeys 1000000
kernel/keys/root_maxbytes 25000000
LIST

await() { # WHAT COMMAND...: until the command succeeds, at most two minutes
  local what=$1 tries=1200; shift
  until "$@" > /dev/null 2>&1; do
    tries=$((tries - 1))
    [ $tries -gt 0 ] || { echo "$what: not within two minutes"; exit 1; }
    sleep 0.1
  done
}
run() { # NAME COMMAND...: in the background, with a log of its own
  local name=$1; shift
  { "$@" >> "$FOLDER/$name.log" 2>&1 || true; echo "$name ended"; } &
}

ip link set lo up
await "the link to the host" ip link show eth0
ip address add "$NODE_ADDRESS/24" dev eth0
ip link set eth0 up
ip route add default via "$HOST_ADDRESS"
echo 1 > /proc/sys/net/ipv4/ip_forward

socket=/run/containerd/containerd.sock
run containerd containerd --config "$FOLDER/containerd.toml"
await "containerd" ctr --address $socket version
for image in "$@"; do ctr --address $socket --namespace k8s.io images import "$image"; done
# The control plane comes up in the meantime; its certificates are here when it has.
await "the control plane" test -e "$FOLDER/start"
run kubelet "$KUBELET" --config="$FOLDER/kubelet.yaml" --kubeconfig="$FOLDER/kubelet.kubeconfig" \
  --root-dir="$FOLDER/kubelet" --cert-dir="$FOLDER/kubelet-pki" --hostname-override="$NODE_NAME" --node-ip="$NODE_ADDRESS"
run kube-proxy "$KUBE_PROXY" --config="$FOLDER/kube-proxy.yaml"
echo "node started"
# Process 1 of a namespace also reaps what containers' helpers leave; bash does so while it waits.
wait -n || true
exit 1
