"""Cells in TypeScript, for this kernel and for stock tslab.

Displays go through `import * as tslab from "tslab"` wherever tslab can do the same, so that the
comparison is about the protocol and not about names.
"""

NAME = "typescript"
FILE_EXTENSION = ".ts"

UPSTREAM = {
    "code_hello_world": 'console.log("hello, world");',
    "code_stderr": 'console.error("oops");',
    "completion_samples": [
        {"text": "Math.fl", "matches": {"floor"}},
        {"text": "JSON.stringi", "matches": {"stringify"}},
    ],
    "complete_code_samples": [
        "1 + 1",
        "const a = [1, 2, 3];",
        "function f(x: number): number {\n  return x * 2;\n}",
        "await Promise.resolve(1);",
        "for (const c of 'text') console.log(c);",
    ],
    "incomplete_code_samples": [
        "function f(x: number) {",
        "const a = [1,",
        "const t = `open",
        "Math.max(1,",
        "/* a comment that goes on",
    ],
    "invalid_code_samples": ["const = 7;", "}", "let a b c;"],
    "code_page_something": "Math.max?",
    "code_generate_error": 'throw new Error("boom");',
    "code_execute_result": [
        {"code": "1+2+3", "result": "6"},
        {"code": "[1, 2, 3].map((n) => n * n)", "result": "[ 1, 4, 9 ]"},
    ],
    "code_display_data": [
        {
            "code": 'import * as tslab from "tslab"; tslab.display.html("<b>x</b>");',
            "mime": "text/html",
        },
    ],
    "code_history_pattern": "1?2*",
    "supported_history_operations": ("tail", "search", "range"),
    "code_inspect_sample": "Math.max",
    "code_clear_output": "clearOutput();",
}

TSLAB = 'import * as tslab from "tslab";\n'
TF = 'import * as tf from "@tensorflow/tfjs";\n'

# Counts in a place that no kernel's way of keeping bindings can lose.
TICKS = "const counter = globalThis as unknown as { ticks: number };\ncounter.ticks = 0;\n"

SNIPPETS = {
    "sum": "123 + 456",
    "comment": "// nothing",
    "define": "let <<name>> = <<value>>;",
    "assign": "<<name>> = <<value>>;",
    "increment": "<<name>> = <<name>> + 1;",
    "sleep": "await new Promise((resolve) => setTimeout(resolve, <<seconds>> * 1000));",
    "list": "const values: number[] = [];",
    "list_add": "values.push(<<value>>);",
    "list_show": 'console.log(values.join(","));',
    "pid": "console.log(process.pid);",
    # errors
    "error": 'throw new Error("boom");',
    "error_name": "Error",
    "error_on_line_4": (
        "interface Gone { a: number }\ntype GoneToo = { b: string };\n"
        'const kept: Gone & GoneToo = { a: 1, b: "" };\nthrow new Error("boom");'
    ),
    "line_4_pattern": r":4:\d+",
    "syntax_error": "const = 1;",
    "throw_a_string": 'throw "just text";',
    "type_error": 'const wrong: number = "text";',
    "exit": "process.exit(<<code>>);",
    "exit_code": "process.exitCode = 3;",
    "unhandled_rejection": 'void Promise.reject(new Error("rejected unheard"));',
    "timer_error": (
        'setTimeout(() => { throw new Error("timer boom"); }, <<seconds>> * 1000);'
    ),
    "child_process": (
        'import { spawnSync } from "node:child_process";\n'
        "spawnSync(process.execPath, [\"-e\", \"console.log('<<text>>')\"], "
        '{ stdio: "inherit" }).status;'
    ),
    "kill_itself": 'process.kill(process.pid, "SIGKILL");',
    # streams
    "print": 'console.log("<<text>>");',
    "print_both": 'console.log("to out"); console.error("to err");',
    "print_alternately": (
        "for (let i = 0; i < <<count>>; i++) {\n"
        "  if (i % 2) console.error(i); else console.log(i);\n}"
    ),
    "write_parts": (
        'for (const part of ["one ", "two ", "three"]) { process.stdout.write(part); }'
    ),
    "print_loop": "for (let i = 0; i < <<count>>; i++) { console.log(i); }",
    "print_then_wait": (
        'console.log("<<text>>");\n'
        "await new Promise((resolve) => setTimeout(resolve, <<seconds>> * 1000));"
    ),
    "print_then_spin": (
        'console.log("<<text>>");\nconst until = Date.now() + <<seconds>> * 1000;\n'
        "while (Date.now() < until) {}"
    ),
    "print_emoji": (
        'const bytes = Buffer.from("😀".repeat(<<count>>));\n'
        "for (let i = 0; i < bytes.length; i += 65537) "
        "{ process.stdout.write(bytes.subarray(i, i + 65537)); }"
    ),
    "print_later": 'setTimeout(() => console.log("<<text>>"), <<seconds>> * 1000);',
    # displays
    "display_html": TSLAB + 'tslab.display.html("<b>bold</b>");',
    "display_png": TSLAB + "tslab.display.png(new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10]));",
    "rich_result": (
        '({ [Symbol.for("Jupyter.display")]: () => '
        '({ "text/html": "<i>rich</i>", "text/plain": "rich" }) })'
    ),
    "display_bundle": (
        'display({ "text/html": "<i>rich</i>", "text/plain": "plain" });'
    ),
    "display_json": 'display({ "application/json": { a: [1, 2] } });',
    "display_update": (
        TSLAB + "const live = tslab.newDisplay();\n"
        'live.html("<b>one</b>");\nlive.html("<b>two</b>");'
    ),
    "display_update_later": 'live.html("<b>three</b>");',
    "display_between_prints": (
        TSLAB + 'console.log("before");\ntslab.display.html("<b>between</b>");\n'
        'console.log("after");'
    ),
    "display_update_loop": (
        TSLAB + 'const many = tslab.newDisplay();\nmany.html("start");\n'
        "for (let i = 0; i < <<count>>; i++) { many.html(`<b>${i}</b>`); }"
    ),
    "clear_output": "clearOutput();",
    "clear_output_wait": "clearOutput({ wait: true });",
    # input
    "prompt": 'const answer = prompt("name? ");\nconsole.log(`hello ${answer}`);',
    "prompt_twice": (
        'const a = prompt("a ");\nconst b = prompt("b ");\nconsole.log(`${a}-${b}`);'
    ),
    "readline": (
        'import * as readline from "node:readline/promises";\n'
        "const reader = readline.createInterface"
        "({ input: process.stdin, output: process.stdout });\n"
        'const line = await reader.question("say ");\nreader.close();\n'
        "console.log(`read ${line}`);"
    ),
    # the editor's help
    "define_person": 'const person = { height: 180, hobby: "chess" };',
    "define_documented": (
        "/** Twice the number. */\n"
        "function doubled(amount: number): number { return amount * 2; }"
    ),
    "define_options": (
        'function paint(options: { colour?: "red" | "green"; size?: number }) '
        "{ return options; }"
    ),
    "complete_option_name": "paint({ c‸ })",
    "complete_string_union": 'paint({ colour: "‸" })',
    "complete_import_path": 'import * as files from "f‸"',
    "import_library": TF,
    "complete_library_member": "tf.matM‸",
    "inspect_library": "tf.matMul(‸)",
    "open_block": "function f() {",
    # comms
    "comm_target": (
        'jupyter.comms.register("echo", (comm) => {\n'
        "  comm.onMessage = (data) => comm.send({ echo: (data as { say: string }).say });\n"
        "  comm.send({ opened: (comm.data as { start: number }).start });\n});"
    ),
    "comm_open": (
        'const opened = jupyter.comms.open("front-end", { hello: "there" });\n'
        "opened.send({ n: 1 });"
    ),
    # stop
    "loop_forever": TICKS + 'console.log("started");\nwhile (true) { counter.ticks++; }',
    "long_await": (
        'console.log("started");\nawait new Promise((resolve) => setTimeout(resolve, 600_000));'
    ),
    "loop_after_await": (
        TICKS + "await new Promise((resolve) => setTimeout(resolve, 50));\n"
        'console.log("started");\nwhile (true) { counter.ticks++; }'
    ),
    "loop_of_awaits": (
        TICKS + 'console.log("started");\nwhile (true) {\n  counter.ticks++;\n'
        "  await new Promise((resolve) => setTimeout(resolve, 5));\n}"
    ),
    "loop_that_prints": 'console.log("started");\nwhile (true) { console.log("and on"); }',
    "loop_that_catches": (
        TICKS + 'console.log("started");\n'
        "while (true) { try { counter.ticks++; } catch { counter.ticks = 0; } }"
    ),
    "ticks": "console.log((globalThis as unknown as { ticks: number }).ticks);",
    "define_model": (
        TF + 'await tf.setBackend("cpu");\n'
        "const weight = tf.variable(tf.scalar(0));\n"
        "const optimizer = tf.train.sgd(0.01);\n"
        "const step = () => optimizer.minimize(() => tf.square(tf.sub(weight, 3)) as tf.Scalar);\n"
        "const model = tf.sequential({ layers: [tf.layers.dense({ units: 8, inputShape: [8] })] });\n"
        'model.compile({ optimizer: "sgd", loss: "meanSquaredError" });\n'
        "const inputs = tf.ones([64, 8]);"
    ),
    "train": (
        TICKS + 'step();\nconsole.log("started");\nfor (;;) {\n  step();\n'
        "  counter.ticks++;\n  await tf.nextFrame();\n}"
    ),
    "train_once": "step();\nconsole.log(weight.dataSync()[0]);",
    "fit": (
        TICKS + "await model.fit(inputs, inputs, { epochs: 1_000_000, verbose: 0, callbacks: "
        "{ onEpochEnd: (epoch) => { if (epoch === 3) { console.log('started'); } "
        "counter.ticks++; } } });"
    ),
    "spin_for": (
        'console.log("started");\nconst end = Date.now() + <<seconds>> * 1000;\n'
        "while (Date.now() < end) {}"
    ),
    "timer_forever": "setInterval(() => {}, 100);",
    "debug_function": "function f(a: number, b: number) {\n  const c = a + b;\n  return c;\n}\nf(2, 3)",
    "debug_calls": (
        "function f(a: number, b: number) {\n  const c = a + b;\n  return c;\n}\n"
        "const first = f(2, 3);\nfirst + 1"
    ),
    "debug_loop": "let total = 0;\nfor (let i = 0; i < 5; i++) {\n  total += i;\n}\ntotal",
    "debug_raise": 'function fail() {\n  throw new Error("boom");\n}\nfail()',
    "debug_values": "const left = 40;\nconst right = 2;",
}
