#!/bin/sh
# sandbox.sh ROOT MEGABYTES KIBIBYTES PLACE... -- COMMAND...: run inside new namespaces (user, mounts,
# network, processes). The command sees nothing but the places, which it cannot write, and a memory disk of
# MEGABYTES; its processes may have KIBIBYTES of data each. There is no network. Then all privileges go, so
# that the command can undo none of this.
set -e
root=$1
disk=$2
data=$3
shift 3
mount --make-rprivate /
mount -t tmpfs -o "size=${disk}m,mode=0755,nosuid,nodev" tmpfs "$root"
while [ "$1" != "--" ]; do
  place=$1
  shift
  mkdir -p "$root$(dirname "$place")"
  if [ -L "$place" ]; then
    ln -s "$(readlink "$place")" "$root$place"
  elif [ -d "$place" ]; then
    mkdir -p "$root$place"
    mount --rbind "$place" "$root$place"
    mount -o remount,bind,ro,nosuid,nodev "$root$place"
  else
    : >"$root$place"
    mount --bind "$place" "$root$place"
    case "$place" in
      /dev/*) ;;
      *) mount -o remount,bind,ro,nosuid,nodev "$root$place" ;;
    esac
  fi
done
shift
mkdir -p "$root/proc" "$root/tmp/home"
mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
ulimit -c 0
ulimit -d "$data"
exec chroot "$root" setpriv --no-new-privs --bounding-set=-all --inh-caps=-all "$@"
