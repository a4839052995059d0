// What computes: TensorFlow's C library with its kernels for this or that processor, or WebAssembly, in
// Node.js or in a page.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../setup/run.mjs";
import { findChromium } from "../test/chromium.mjs";

/** A way of computing that a lesson has to pass on. */
export interface Engine {
  name: string;
  title: string;
  /** Its variables; those that are undefined are unset. */
  env: NodeJS.ProcessEnv;
  /**
   * Whether the kernel runs in a page of a browser. There data is what the page has, no stand-ins, and
   * assertions aren't counted: the first that fails ends the run.
   */
  inPage?: true;
}

const NATIVE = {
  KARENINA_BACKEND: "native",
  KARENINA_OPERATIONS: undefined,
  ONEDNN_MAX_CPU_ISA: undefined,
};

/**
 * TensorFlow uses oneDNN's kernels by default only on some processors, oneDNN and the library's own
 * operations take the widest instructions that they find, and the latter need a compiler. So one machine
 * stands for others: with neither, and with no more than AVX2.
 */
export const ENGINES: readonly Engine[] = [
  { name: "onednn", title: "oneDNN on", env: { ...NATIVE, TF_ENABLE_ONEDNN_OPTS: "1" } },
  {
    name: "no-onednn",
    title: "oneDNN off, no own operations",
    env: { ...NATIVE, TF_ENABLE_ONEDNN_OPTS: "0", KARENINA_OPERATIONS: "off" },
  },
  {
    name: "avx2",
    title: "no more than AVX2",
    env: {
      ...NATIVE,
      TF_ENABLE_ONEDNN_OPTS: "1",
      ONEDNN_MAX_CPU_ISA: "AVX2",
      KARENINA_OPERATIONS: "avx2",
    },
  },
  {
    name: "wasm",
    title: "WebAssembly",
    env: {
      KARENINA_BACKEND: "wasm",
      KARENINA_OPERATIONS: undefined,
      TF_ENABLE_ONEDNN_OPTS: undefined,
      ONEDNN_MAX_CPU_ISA: undefined,
    },
  },
  { name: "page", title: "in a page", env: {}, inPage: true },
];

/**
 * Why an engine is left out on this machine, or null where it can be run.
 *
 * @param root the project
 */
export async function whyLeftOut(engine: Engine, root: string): Promise<string | null> {
  if (engine.inPage) {
    return findChromium() ? null : "no Chromium was found";
  }
  if (engine.name === "avx2" && !hasMoreThanAvx2(process.arch, cpuInfo())) {
    return "this processor has no more than AVX2, so it is the same as oneDNN on";
  }
  const { preload, probe } = {
    preload: join(root, "lib", "host", "node", "preload.cjs"),
    probe: join(root, "scripts", "setup", "probe.cjs"),
  };
  const env = { ...process.env, ...engine.env };
  const { ok, failure, stderr } = await run(process.execPath, ["-r", preload, probe], {
    cwd: root,
    env,
    limitSeconds: 300,
  });
  return ok ? null : `it does not compute here: ${stderr.trim().split("\n").at(-1) || failure}`;
}

/**
 * Whether oneDNN finds instructions beyond AVX2.
 *
 * @param info Linux's /proc/cpuinfo; undefined on other systems, where it is assumed of x64
 */
export function hasMoreThanAvx2(architecture: string, info: string | undefined): boolean {
  if (architecture !== "x64") {
    return false;
  }
  return info === undefined || /^flags\s*:.*\b(avx512|avx_vnni|avx10|amx)/m.test(info);
}

function cpuInfo(): string | undefined {
  return existsSync("/proc/cpuinfo") ? readFileSync("/proc/cpuinfo", "utf8") : undefined;
}
