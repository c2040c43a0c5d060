#!/bin/sh
# Ends what its parent started, when the parent is gone in whatever way: the parent holds the other end of the standard
# input, which the kernel closes. Lines on it: "process PID" and "ended PID" (a process group, by its leader),
# "folder PATH" and "removed PATH" (a temporary folder), "release" (forget all). It prints one line when it listens.
trap '' HUP INT TERM
processes=' '
folders=
newline='
'
drop_folder() { # $1: removes the line from $folders
  rest=
  while IFS= read -r folder; do
    [ -z "$folder" ] || [ "$folder" = "$1" ] || rest="$rest$folder$newline"
  done <<LIST
$folders
LIST
  folders=$rest
}
echo listening
while IFS= read -r line; do
  value=${line#* }
  case $line in
    'process '*) processes="$processes$value " ;;
    'ended '*) case $processes in *" $value "*) processes="${processes%%" $value "*} ${processes#*" $value "}" ;; esac ;;
    'folder '*) folders="$folders$value$newline" ;;
    'removed '*) drop_folder "$value" ;;
    release) exit 0 ;;
  esac
done
for process in $processes; do kill -s KILL -- "-$process" 2>/dev/null; done
# What was killed may still write for a moment, so remove twice.
remove_folders() {
  while IFS= read -r folder; do
    [ -z "$folder" ] || rm -rf -- "$folder"
  done <<LIST
$folders
LIST
}
remove_folders 2>/dev/null
sleep 0.5
remove_folders
exit 0
