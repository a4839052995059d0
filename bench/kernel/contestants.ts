import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findKernelSpec, type KernelSpec, listKernelNames } from "../../runner/client";

/** A kernel to measure, and what to send it in its language. */
export interface Contestant {
  name: string;
  spec: KernelSpec;
  /** Undefined where the language has no TensorFlow.js. */
  importLibrary?: string;
  /** A short cell that uses the library. */
  useLibrary?: (i: number) => string;
  /** A cell that declares a name again and has a value. */
  ordinaryCell: (i: number) => string;
  /** Code to complete at its end. */
  completion: (i: number) => string;
  /** Code to inspect at its end. */
  inspection: (i: number) => string;
  /** Has it this project's controls? */
  controls?: boolean;
}

const TYPESCRIPT = {
  importLibrary: 'import * as tf from "@tensorflow/tfjs";',
  useLibrary: (i: number) => `tf.tensor1d([${i}, 2]).shape`,
  ordinaryCell: (i: number) => `const value = [${i}];\nvalue.map((each) => each + 1)`,
  completion: (i: number) => `tf.tensor1d([${i}]).da`,
  inspection: (i: number) => `const product${i} = tf.matMul`,
};

const PYTHON = {
  ordinaryCell: (i: number) => `value = [${i}]\n[each + 1 for each in value]`,
  completion: (i: number) => `x${i} = str(${i}).up`,
  inspection: (i: number) => `x${i} = sorted`,
};

/** The kernels that can be measured here, this project's first; with why others cannot. */
export function findContestants(root: string): { found: Contestant[]; missing: string[] } {
  const found: Contestant[] = [];
  const missing: string[] = [];
  const installed = listKernelNames({ root });
  for (const name of ["karenina", "tslab", "python3"]) {
    if (installed.includes(name)) {
      const language = name === "python3" ? PYTHON : TYPESCRIPT;
      const spec = runnable(findKernelSpec(name, { root }), root);
      found.push({ name, spec, controls: name === "karenina", ...language });
    } else {
      missing.push(`${name} (run \`npm run setup\`)`);
    }
  }
  if (hasDeno()) {
    const library = "npm:@tensorflow/tfjs@4.22.0";
    found.push({
      name: "deno",
      spec: {
        name: "deno",
        resourceDir: root,
        argv: ["deno", "jupyter", "--kernel", "--conn", "{connection_file}"],
        displayName: "Deno",
        language: "typescript",
        interruptMode: "message",
        env: {},
      },
      ...TYPESCRIPT,
      importLibrary: `import * as tf from "${library}";`,
    });
  } else {
    missing.push("deno (not on the PATH)");
  }
  return { found, missing };
}

/** ipykernel's own specification says `python` and means the one that it is installed in. */
function runnable(spec: KernelSpec, root: string): KernelSpec {
  const [program, ...args] = spec.argv;
  const python = join(root, ".venv", process.platform === "win32" ? "Scripts" : "bin", "python");
  return program === "python" && existsSync(python) ? { ...spec, argv: [python, ...args] } : spec;
}

function hasDeno(): boolean {
  try {
    execFileSync("deno", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
