#!/bin/sh
# sandbox.sh ROOT MEGABYTES KIBIBYTES PLACE... -- COMMAND...: run inside new namespaces (user, mounts,
# network, processes). The command sees nothing but the places, which it cannot write, and a memory disk of
# MEGABYTES; its processes may have KIBIBYTES of data each. There is no network. Then all privileges go, so
# that the command can undo none of this.
#
# Where root runs it, the command is still the owner of what is root's, on the whole machine. So all that it
# sees is mounted to be read only: it could else set what the kernel starts when a program crashes
# (/proc/sys/kernel/core_pattern), or forbid others to use /dev/null.
set -e
root=$1
disk=$2
data=$3
shift 3
mount --make-rprivate /
mount -t tmpfs -o "size=${disk}m,nr_inodes=100k,mode=0755,nosuid,nodev" tmpfs "$root"
while [ "$1" != "--" ]; do
  place=$1
  shift
  mkdir -p "$root$(dirname "$place")"
  if [ -L "$place" ]; then
    ln -s "$(readlink "$place")" "$root$place"
  elif [ -d "$place" ]; then
    mkdir -p "$root$place"
    mount --rbind "$place" "$root$place"
  else
    [ -e "$root$place" ] || : >"$root$place"
    mount --bind "$place" "$root$place"
  fi
done
shift
set -f
# Other disks below a place are mounts of their own.
for mounted in $(cut -d " " -f 5 /proc/self/mountinfo); do
  case "$mounted" in
    *\\*) mounted=$(printf %b "$mounted") ;;
  esac
  case "$mounted" in
    # Of a device, read-only is the file, not what is written to it.
    "$root"/dev/*) mount -o remount,bind,ro,nosuid,noexec "$mounted" ;;
    "$root"/*) mount -o remount,bind,ro,nosuid,nodev "$mounted" ;;
  esac
done
mkdir -p "$root/proc" "$root/tmp/home"
mount -t proc -o ro,nosuid,nodev,noexec proc "$root/proc"
ulimit -c 0
ulimit -d "$data"
exec chroot "$root" setpriv --no-new-privs --bounding-set=-all --inh-caps=-all "$@"
