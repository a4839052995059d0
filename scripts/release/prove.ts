import {
  cpSync,
  existsSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { findKernelSpec, startKernel } from "../../runner/client";
import { node, npm, strangersEnv } from "./npm";

const ROOT = resolve(__dirname, "../..");
const PROOF = join(__dirname, "proof");

/** Called with what was proved, line by line. */
export type Say = (line: string) => void;

/** Calls with a new folder, whose path has a space, and removes it afterwards. */
async function inEmptyFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "karenina release-"));
  try {
    writeFileSync(join(folder, "package.json"), '{ "name": "stranger", "private": true }\n');
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const install = (tarballs: string[], folder: string, options: string[] = []) =>
  npm(
    ["install", ...options, "--prefer-offline", "--no-audit", "--no-fund", ...tarballs],
    folder,
    strangersEnv(process.env),
  );

/**
 * Proves that the kernel's tarball installs in an empty folder, tells Jupyter about itself, and that
 * the kernel so started answers 1 + 1 over its sockets and refuses a type error.
 */
export async function proveKernel(tarball: string, say: Say): Promise<void> {
  await inEmptyFolder(async (folder) => {
    await install([tarball], folder);
    const prefix = join(folder, "prefix");
    const cli = join(folder, "node_modules", "karenina-kernel", "bin", "kernel.cjs");
    await node([cli, "install", "--prefix", prefix], folder, strangersEnv(process.env));
    // Nothing but the new prefix is looked at before it.
    const env = { JUPYTER_PATH: join(prefix, "share", "jupyter") };
    const spec = findKernelSpec("karenina", { root: folder, env });
    const kernel = await startKernel({ spec, cwd: folder });
    try {
      const { status, outputs } = await kernel.execute("1 + 1", { timeoutMs: 60_000 });
      const answer = JSON.stringify(outputs);
      if (status !== "ok" || !answer.includes('"text/plain":"2"')) {
        throw new Error(`The installed kernel answers 1 + 1 by ${status}: ${answer}`);
      }
      const wrong = await kernel.execute("const n: number = 'one'", { timeoutMs: 60_000 });
      if (wrong.status !== "error") {
        throw new Error("The installed kernel checks no types.");
      }
    } finally {
      await kernel.shutdown();
    }
    say("karenina-kernel: installed in an empty folder; 1 + 1 is 2; a type error is one");
  });
}

/**
 * Proves that the library's tarball installs in an empty folder as a stranger types it, trains, and
 * is typed; that without tfjs-node's native part it trains on WebAssembly and says so; and, where this
 * project has a native part to lend, that it trains natively.
 */
export async function proveLibrary(tarball: string, say: Say): Promise<void> {
  await inEmptyFolder(async (folder) => {
    await install([tarball], folder);
    const tfjsNode = join(folder, "node_modules", "@tensorflow", "tfjs-node");
    const got = await train(folder);
    say(`karenina: installed in an empty folder; ${got}`);

    for (const file of ["train.mjs", "types.mts"]) {
      cpSync(join(PROOF, file), join(folder, file));
    }
    const compiler = join(ROOT, "node_modules", "typescript", "bin", "tsc");
    const strict = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022"];
    await node(
      [compiler, ...strict, "--module", "nodenext", "types.mts"],
      folder,
      strangersEnv(process.env),
    );
    say("karenina: its types are found, and a misspelt option is an error");

    say(`karenina: its command line ${await command(folder)}`);

    const hidden = join(folder, "hidden");
    if (existsSync(tfjsNode)) {
      renameSync(tfjsNode, hidden);
    }
    const fallback = await train(folder);
    if (!fallback.startsWith("wasm")) {
      throw new Error(`Without tfjs-node: ${fallback}`);
    }
    say(`karenina: without tfjs-node ${fallback}`);
    await proveNative(folder, tfjsNode, say);
  });
}

async function proveNative(folder: string, tfjsNode: string, say: Say): Promise<void> {
  const lent = join(ROOT, "node_modules", "@tensorflow", "tfjs-node");
  if (!existsSync(join(lent, "lib", "napi-v8", "tfjs_binding.node"))) {
    say("karenina: not tried on native TensorFlow, which this machine does not have");
    return;
  }
  // As where scripts are forbidden; the native part is then put where tfjs-node's script would.
  await install(["@tensorflow/tfjs-node@4.22.0"], folder, ["--ignore-scripts"]);
  for (const part of ["lib", "deps"]) {
    if (!existsSync(join(lent, part)) || existsSync(join(tfjsNode, part))) {
      continue;
    }
    symlinkSync(join(lent, part), join(tfjsNode, part));
  }
  const native = await train(folder);
  if (!native.startsWith("native")) {
    throw new Error(`With the native part: ${native}`);
  }
  say(`karenina: with tfjs-node's native part ${native}`);
}

/** Trains by the command in the folder, and lets what came of it write, and a network that comes along. */
async function command(folder: string): Promise<string> {
  const cli = join(folder, "node_modules", "karenina", "cli", "karenina.cjs");
  const karenina = async (...args: string[]) => {
    const { stdout } = await node([cli, ...args], folder, strangersEnv(process.env));
    return stdout;
  };
  writeFileSync(join(folder, "letters.txt"), "the cat sat on the mat. ".repeat(100));
  const data = ["--input-txt", "letters.txt", "--batch-size", "4", "--seq-length", "20"];
  const network = ["--rnn-size", "16", "--num-layers", "1", "--max-epochs", "2"];
  const told = await karenina("train", ...data, ...network);
  if (!/^test_loss = \d/m.test(told)) {
    throw new Error(`karenina train said "${told}"`);
  }
  for (const checkpoint of ["cv", "presidents"]) {
    const written = await karenina("sample", "--checkpoint", checkpoint, "--length", "40");
    if (written.trim().length < 20) {
      throw new Error(`karenina sample --checkpoint ${checkpoint} wrote "${written}"`);
    }
  }
  return "trains, and samples from what it trained and from a network that comes with it";
}

/** Trains in the folder; says on what and what came of it. */
async function train(folder: string): Promise<string> {
  cpSync(join(PROOF, "train.mjs"), join(folder, "train.mjs"));
  const { stdout, stderr } = await node(["train.mjs"], folder, strangersEnv(process.env));
  const { backend, version, steps, first, last } = JSON.parse(stdout.trim().split("\n").at(-1)!);
  const said = /^TensorFlow runs on WebAssembly, because .+/m.test(stderr);
  if ((backend === "wasm") !== said) {
    throw new Error(`On ${backend} the library said: ${stderr.trim() || "nothing"}`);
  }
  const losses = `${first.toFixed(2)} to ${last.toFixed(2)}`;
  return `${backend} ${version}: loss ${losses} in ${steps} steps${said ? ", and it says why" : ""}`;
}
