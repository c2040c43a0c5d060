#!/bin/sh
# node-cleanup.sh LINK CGROUP-FOLDER...: waits for the end of its standard input, which the kernel closes when the process
# at its other end is gone in whatever way, and then removes what a dead node leaves outside of its namespaces: the link and
# the cgroup folders. "release" on the input: removes nothing. Prints one line when it listens.
trap '' HUP INT TERM
link=$1
shift
echo listening
if read -r word && [ "$word" = release ]; then exit 0; fi
tries=300
while [ $tries -gt 0 ]; do
  left=
  ip link delete "$link" 2> /dev/null
  for folder; do
    [ -d "$folder" ] || continue
    find "$folder" -depth -type d -exec rmdir {} + 2> /dev/null
    [ -d "$folder" ] && left=$folder
  done
  [ -z "$left" ] && exit 0
  sleep 0.05
  tries=$((tries - 1))
done
exit 1
