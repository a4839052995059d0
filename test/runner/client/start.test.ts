import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { KernelError, startKernel } from "../../../runner/client";
import {
  connectionFolders,
  eventually,
  IPYKERNEL,
  isRunning,
  KARENINA,
  program,
  ROOT,
  scripted,
  TSLAB,
  TSX,
  temporaryFolder,
  withGrowingLimit,
} from "./kernels";

function startError(...patterns: RegExp[]) {
  return (error: unknown) => {
    assert.ok(error instanceof KernelError);
    assert.equal(error.kind, "start");
    for (const pattern of patterns) {
      assert.match(error.message, pattern);
    }
    return true;
  };
}

for (const [spec, code, expected] of [
  [TSLAB, "console.log(6 * 7)", "42"],
  [KARENINA, "console.log(6 * 7)", "42"],
  [IPYKERNEL, "print(6 * 7)", "42"],
] as const) {
  test(`${spec?.name ?? "a kernel that is not installed"} starts, runs a cell and ends`, {
    skip: !spec,
  }, async () => {
    const kernel = await startKernel({ spec: spec! });
    const { status, outputs } = await kernel.execute(code, { timeoutMs: 60_000 });
    await kernel.shutdown();
    assert.equal(status, "ok");
    assert.deepEqual(outputs, [{ output_type: "stream", name: "stdout", text: `${expected}\n` }]);
    assert.ok(!isRunning(kernel.pid!));
  });
}

test("the kernel works in the given folder, with our variables over the specification's", async () => {
  const cwd = temporaryFolder();
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Jupyter's own syntax for a reference
  const spec = { ...scripted(), env: { FROM_SPEC: "${HOME}!", BOTH: "spec" } };
  const kernel = await startKernel({ spec, cwd, env: { BOTH: "ours" } });
  const { outputs } = await kernel.execute(
    `const { FROM_SPEC, BOTH, JPY_PARENT_PID } = process.env;
     const text = JSON.stringify([process.cwd(), FROM_SPEC, BOTH, JPY_PARENT_PID]);
     publish("display_data", { data: { "text/plain": text } });`,
  );
  await kernel.shutdown();
  const [output] = outputs;
  assert.deepEqual(
    JSON.parse(output.output_type === "display_data" ? String(output.data["text/plain"]) : ""),
    [cwd, `${process.env.HOME}!`, "ours", String(process.pid)],
  );
});

test("a program that is not there, and a folder that is not there, are named", async () => {
  const missing = { ...scripted(), argv: ["no-such-program-here", "{connection_file}"] };
  await assert.rejects(startKernel({ spec: missing }), startError(/no-such-program-here/));
  const cwd = join(temporaryFolder(), "gone");
  await assert.rejects(startKernel({ spec: scripted(), cwd }), startError(/gone is not a folder/));
});

test("a kernel that exits at once is reported with what it wrote", async () => {
  const spec = program('console.error("cannot find my module"); process.exit(7)');
  await assert.rejects(startKernel({ spec }), startError(/exited with code 7/, /find my module/));
});

test("a kernel that never answers, or never publishes, is given up and killed", async () => {
  let pid = 0;
  const mute = program("console.error(process.pid); setInterval(() => {}, 1000)");
  await withGrowingLimit(async (startupTimeoutMs) => {
    await assert.rejects(startKernel({ spec: mute, startupTimeoutMs }), (error: Error) => {
      assert.match(error.message, /No reply to kernel_info_request/);
      pid = Number(/(\d+)$/.exec(error.message)?.[1]);
      return true;
    });
    return pid > 0;
  }, "the kernel has said its number");
  assert.ok(!isRunning(pid));
  await withGrowingLimit(async (startupTimeoutMs) => {
    let answered = false;
    const starting = startKernel({ spec: scripted("mute-iopub"), startupTimeoutMs });
    await assert.rejects(starting, (error: Error) => {
      answered = !/No reply to kernel_info_request/.test(error.message);
      return answered ? startError(/publishes nothing on iopub/)(error) : true;
    });
    return answered;
  }, "the kernel answers");
});

test("a start can be given up", async () => {
  const spec = program("setInterval(() => {}, 1000)");
  const signal = AbortSignal.timeout(200);
  await assert.rejects(startKernel({ spec, signal }), startError(/given up/));
});

test("a kernel whose port was taken meanwhile is started again on other ports", async () => {
  // The first start meets a taken port and lives on, as stock tslab does; the second succeeds.
  const marker = join(temporaryFolder(), "tried");
  const [node, ...rest] = scripted().argv;
  const first = `
    const { existsSync, writeFileSync } = require("node:fs");
    const marker = ${JSON.stringify(marker)};
    if (existsSync(marker)) {
      process.argv = [process.argv[0], ${JSON.stringify(rest[2])}, process.argv[1]];
      require(${JSON.stringify(rest[1])});
      require(process.argv[1]);
    } else {
      writeFileSync(marker, "");
      const { shell_port } = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
      const { createServer } = require("node:net");
      createServer().listen(shell_port, "127.0.0.1", () => {
        createServer().on("error", console.error).listen(shell_port, "127.0.0.1");
      });
    }`;
  const spec = { ...program(first), argv: [node, "-e", first, "{connection_file}"] };
  const kernel = await startKernel({ spec });
  assert.ok(existsSync(marker), "the first start was tried");
  assert.equal((await kernel.execute("")).status, "ok");
  await kernel.shutdown();
});

test("kernels end with the process that started them, even when it is killed", async () => {
  const source = `
    const { startKernel } = require(${JSON.stringify(join(ROOT, "runner/client"))});
    startKernel({ spec: ${JSON.stringify(scripted())} }).then((kernel) => {
      console.log(kernel.pid);
    });`;
  const before = connectionFolders();
  const parent = spawn(process.execPath, ["-r", TSX, "-e", source]);
  let printed = "";
  parent.stdout.on("data", (text) => {
    printed += text;
  });
  await eventually(() => printed.includes("\n"), "the kernel is started");
  const pid = Number(printed);
  assert.ok(isRunning(pid));
  const added = connectionFolders().filter((name) => !before.includes(name));
  parent.kill("SIGKILL");
  await eventually(() => !isRunning(pid), "the kernel ends with its killed parent");
  await eventually(
    () => added.some((name) => !connectionFolders().includes(name)),
    "the connection folder is removed",
  );
});
