#!/bin/sh
# start.sh COMMAND ARGUMENTS: a student's server, started as that student, on an installation that is
# shared by all. What the student makes is the student's alone.
set -eu
umask 077
course=$(cd "$(dirname "$0")/.." && pwd)

# Both kernels.
export JUPYTER_PATH="$course/build${JUPYTER_PATH:+:$JUPYTER_PATH}"
# Settings that students can change: a Lab that asks nothing and fetches no news.
export JUPYTER_CONFIG_PATH="$course/classroom/jupyter${JUPYTER_CONFIG_PATH:+:$JUPYTER_CONFIG_PATH}"
# Kernels are spoken with over sockets in the file system, whose paths have at most 107 characters.
export JUPYTER_RUNTIME_DIR="$HOME/.run"
# Not /tmp, where another could lay files under a name that programs trust, as tsx its cache's.
if mkdir -p "$HOME/.tmp"; then
  export TMPDIR="$HOME/.tmp"
fi
# Data sets that were fetched for all.
if [ -d "$course/build/cache/datasets" ]; then
  export KARENINA_DATA="${KARENINA_DATA:-$course/build/cache/datasets}"
fi

node -r "$course/node_modules/tsx/dist/cjs/index.cjs" "$course/classroom/home.ts"
exec "$@"
