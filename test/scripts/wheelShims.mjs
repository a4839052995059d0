// Stands in for the tools that download and compile a native TensorFlow.
import fs from "node:fs";
import path from "node:path";
import { which } from "../../scripts/setup/run.mjs";
import { write } from "./temporaryProject.mjs";

const python = which(["python3"]);
const served = process.platform === "linux" && ["x64", "arm64"].includes(process.arch);

/** Why they can't stand in here, or false. */
export const cannotShim = !served
  ? "wheels serve Linux only"
  : !python
    ? "there is no Python"
    : false;

/**
 * A PATH with a python3 that is real but for `pip download`, which makes a tiny wheel, and a g++
 * that notes its call and writes an add-on.
 */
export function shims(project) {
  const bin = path.join(project.base, "bin");
  const makeWheel = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1] + "/tensorflow_cpu-0-py3-none-any.whl", "w") as z:
    z.writestr("tensorflow/libtensorflow_cc.so.2", "library")
    z.writestr("tensorflow/libtensorflow_framework.so.2", "library")
    z.writestr("tensorflow/libtensorflow_other.so.2.txt", "no library")
    z.writestr("tensorflow/include/tensorflow/c/c_api.h", '#include "a/b.h"\\n#include <stdio.h>\\n')
    z.writestr("tensorflow/include/a/b.h", '  # include "a/c.h"\\n#include "not/there.h"')
    z.writestr("tensorflow/include/a/c.h", '#include "tensorflow/c/c_api.h"')
    z.writestr("tensorflow/include/a/unused.h", "")`;
  write(path.join(bin, "make.py"), makeWheel);
  write(
    path.join(bin, "python3"),
    `#!/bin/sh
case "$*" in
  *"pip --version"*) exit 0 ;;
  *"pip download"*)
    echo download >> "${project.base}/calls"
    if [ -e "${project.base}/offline" ]; then
      echo "[Errno 101] Network is unreachable" >&2; echo "ERROR: No matching distribution" >&2; exit 1
    fi
    exec "${python}" "${bin}/make.py" "$PWD" ;;
  *) exec "${python}" "$@" ;;
esac`,
    0o755,
  );
  write(
    path.join(bin, "g++"),
    `#!/bin/sh
echo compile >> "${project.base}/calls"
if [ -e "${project.base}/bad-compiler" ]; then echo "x.cc:1: error: no such header" >&2; exit 1; fi
while [ $# -gt 0 ]; do
  if [ "$1" = -o ]; then printf works > "$2"; fi
  shift
done`,
    0o755,
  );
  project.env.PATH = `${bin}:/usr/bin:/bin`;
  const calls = path.join(project.base, "calls");
  return () => {
    const text = fs.existsSync(calls) ? fs.readFileSync(calls, "utf8") : "";
    fs.rmSync(calls, { force: true });
    return text.trim().split("\n").join(" ");
  };
}
