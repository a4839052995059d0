import assert from "node:assert/strict";
import fs from "node:fs";
import * as path from "node:path";
import { test } from "node:test";
import { loadCheckpoint } from "../../../lib/checkpoints/checkpointFiles";
import { namesIn, run, smallTraining, someText, start, workFolder } from "./commandProcess";
import { course } from "./trainingCourse";

test("a training keeps checkpoints with torch-rnn's history beside them, and tells its losses", async (t) => {
  const folder = workFolder(t);
  const { code, stdout, stderr } = await run(folder, [
    ...smallTraining(folder),
    "--max-epochs",
    "2",
    "--checkpoint-every",
    "50",
    "--print_every=30",
    "--lr-decay-every",
    "1",
    "--sample-every",
    "60",
    "--sample-length",
    "11",
    "--output-model",
    "out/alone.safetensors",
    "--grad_clip",
    "0",
    "-model_type",
    "gru",
    "-dropout",
    "0.1",
  ]);
  assert.equal(code, 0, stderr);
  const names = namesIn(folder, "cv");
  // 2400 characters to train on are 59 batches of 4 rows of 10.
  assert.deepEqual(
    names.filter((name) => !name.endsWith(".data")),
    [100, 118, 50].flatMap((i) => [`checkpoint_${i}.json`, `checkpoint_${i}.safetensors`]),
  );
  const history = JSON.parse(fs.readFileSync(path.join(folder, "cv/checkpoint_118.json"), "utf8"));
  assert.equal(history.i, 118);
  assert.equal(history.train_loss_history.length, 118);
  assert.deepEqual(history.val_loss_history_it, [50, 100, 118]);
  assert.equal(history.val_loss_history.length, 3);
  assert.ok(history.seconds > 0);
  assert.ok(history.test_loss > 0 && history.test_loss < 3);
  assert.equal(history.opt.batch_size, 4);
  assert.equal(history.opt.model_type, "gru");
  assert.match(stdout, /Epoch 0\.50 \/ 2, i = 30 \/ 118, loss = \d\.\d{6}/);
  assert.match(stdout, /i = 100, val_loss = /);
  assert.match(stdout, /----- i = 60, temperature 1\n[\s\S]{11}\n-----/);
  assert.match(stdout, /test_loss = /);
  const alone = loadCheckpoint(path.join(folder, "out/alone.safetensors"));
  const last = loadCheckpoint(path.join(folder, "cv/checkpoint_118.safetensors"));
  assert.deepEqual(alone.weights, last.weights);
  assert.equal(alone.optimizer, undefined);
});

test("a transformer is trained, gone on with to the same end, and writes", async (t) => {
  const folder = workFolder(t);
  const net = ["-model_type", "transformer", "--num-heads", "2", "--num-layers", "1"];
  const epochs = ["--max-epochs", "2", "--checkpoint-every", "59"];
  const trained = await run(folder, [...smallTraining(folder), ...net, ...epochs]);
  assert.equal(trained.code, 0, trained.stderr);
  const end = path.join(folder, "cv/checkpoint_118.safetensors");
  const { topology } = loadCheckpoint(end);
  assert.match(JSON.stringify(topology), /"context_?length":10/i);
  const history = JSON.parse(fs.readFileSync(path.join(folder, "cv/checkpoint_118.json"), "utf8"));
  assert.equal(history.opt.model_type, "transformer");
  const mean = (losses: number[]) => losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  const losses: number[] = history.train_loss_history;
  assert.ok(mean(losses.slice(-20)) < mean(losses.slice(0, 20)) - 0.2);

  const from = ["train", "--input-txt", "text.txt", "--init-from", "cv/checkpoint_59.safetensors"];
  const [resumed, written] = await Promise.all([
    run(folder, [...from, "--checkpoint-name", "on/checkpoint"]),
    run(folder, ["sample", "--checkpoint", end, "--length", "30", "--beam-width", "3"]),
  ]);
  assert.equal(resumed.code, 0, resumed.stderr);
  assert.deepEqual(course(path.join(folder, "on/checkpoint_118.safetensors")), course(end));
  assert.match(written.stdout, /^[\s\S]{30}\n$/, written.stderr);
});

test("stopped by Ctrl-C and gone on with, a training ends as one that was never stopped", async (t) => {
  const [whole, parts] = [workFolder(t), workFolder(t)];
  const options = ["--max-epochs", "3", "--checkpoint-every", "20", "--dropout", "0.3"];
  const wholeRun = run(whole, [...smallTraining(whole), ...options]);
  const running = start(parts, [
    ...smallTraining(parts),
    ...options,
    "--print-every",
    "1",
    "--max-epochs",
    "3",
  ]);
  await running.says(/i = 25 /);
  running.child.kill("SIGINT");
  const stopped = await running.ended;
  assert.equal(stopped.code, 130, stopped.stderr);
  assert.match(stopped.stderr, /Go on exactly from there/);
  const [, file] = /--init-from (\S+)/.exec(stopped.stderr) ?? [];
  const [, step] = /Stopped after step (\d+)/.exec(stopped.stderr) ?? [];
  assert.equal(file, `cv/checkpoint_${step}.safetensors`);
  assert.ok(Number(step) >= 25 && Number(step) < 177);
  assert.ok(!namesIn(parts, "cv").some((name) => /lock|part/.test(name)));

  // From another folder, with nothing but the checkpoint's name.
  const goesOn = await run(parts, ["train", "--init-from", file]);
  assert.equal(goesOn.code, 0, goesOn.stderr);
  assert.equal((await wholeRun).code, 0);
  for (const i of [177, 160]) {
    const name = `cv/checkpoint_${i}.safetensors`;
    assert.deepEqual(course(path.join(parts, name)), course(path.join(whole, name)));
  }

  // As a training leaves it that is killed after its last step, before it was judged.
  const file177 = path.join(parts, "cv/checkpoint_177.json");
  const { test_loss, ...unjudged } = JSON.parse(fs.readFileSync(file177, "utf8"));
  fs.writeFileSync(file177, JSON.stringify(unjudged));
  const judged = await run(parts, ["train", "--init-from", "cv", "--output-model", "alone"]);
  assert.equal(judged.code, 0, judged.stderr);
  assert.equal(JSON.parse(fs.readFileSync(file177, "utf8")).test_loss, test_loss);
  assert.ok(fs.existsSync(path.join(parts, "alone")));

  const nothingLeft = await run(parts, ["train", "--init_from", "cv"]);
  assert.equal(nothingLeft.code, 0);
  assert.match(nothingLeft.stdout, /has made all 177 steps already/);
  const longer = await run(parts, ["train", "-init_from", "cv", "-max_epochs", "4"]);
  assert.equal(longer.code, 0, longer.stderr);
  assert.ok(namesIn(parts, "cv").includes("checkpoint_236.safetensors"));
});

test("stopped in a validation by SIGTERM, a training makes it when it goes on", async (t) => {
  const [whole, parts] = [workFolder(t), workFolder(t)];
  const options = ["--max-epochs", "1", "--checkpoint-every", "7", "--print-every", "1"];
  // So much to validate on that a signal is sure to come in between.
  const long = ["--val-frac", "0.9", "--test-frac", "0"];
  const wholeRun = run(whole, [...smallTraining(whole, 9000), ...options, ...long]);
  const running = start(parts, [...smallTraining(parts, 9000), ...options, ...long]);
  await running.says(/i = 7 /);
  running.child.kill("SIGTERM");
  const { code, stderr } = await running.ended;
  assert.equal(code, 143, stderr);
  const [, file] = /--init-from (\S+)/.exec(stderr) ?? [];
  const goesOn = await run(parts, ["train", "--init-from", file]);
  assert.equal(goesOn.code, 0, goesOn.stderr);
  assert.equal((await wholeRun).code, 0);
  const last = "cv/checkpoint_22.safetensors";
  assert.deepEqual(course(path.join(parts, last)), course(path.join(whole, last)));
});

test("a second training of the same name is refused while the first one lives, not when it is dead", async (t) => {
  const folder = workFolder(t);
  const endless = [...smallTraining(folder), "--max-epochs", "100000", "--print-every", "1"];
  const first = start(folder, endless);
  await first.says(/i = 2 /);
  const second = await run(folder, [...smallTraining(folder), "--max-epochs", "1"]);
  assert.equal(second.code, 1);
  assert.match(second.stderr, new RegExp(`Another training, process ${first.child.pid},`));
  const other = await run(folder, [
    ...smallTraining(folder),
    "--max-epochs",
    "1",
    "--checkpoint-name",
    "cv/other",
  ]);
  assert.equal(other.code, 0, other.stderr);
  first.child.kill("SIGKILL");
  await first.ended;
  assert.ok(namesIn(folder, "cv").includes("checkpoint.lock"));
  const third = await run(folder, [...smallTraining(folder), "--max-epochs", "1"]);
  assert.equal(third.code, 0, third.stderr);
  assert.ok(!namesIn(folder, "cv").includes("checkpoint.lock"));
});

test("a new training moves an older one's checkpoints aside; its weights may begin another", async (t) => {
  const folder = workFolder(t);
  const options = [...smallTraining(folder), "--max-epochs", "1"];
  assert.equal((await run(folder, options)).code, 0);
  const before = course(path.join(folder, "cv/checkpoint_59.safetensors"));
  const second = await run(folder, [...options, "--learning-rate", "0.01"]);
  assert.match(second.stderr, /earlier training are now in cv\/earlier-1/);
  assert.deepEqual(course(path.join(folder, "cv/earlier-1/checkpoint_59.safetensors")), before);

  // A text in the same characters, other batches: new steps from old weights.
  fs.writeFileSync(path.join(folder, "more.txt"), someText(3000).split("").reverse().join(""));
  const begun = ["train", "--init-from", "cv/earlier-1", "--checkpoint-name", "cv/more"];
  const other = ["--input-txt", "more.txt", "--batch-size", "2", "--sample-every", "0"];
  const refused = await run(folder, [...begun, ...other]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /can't go on exactly.*other data.*--reset-iterations 1/);
  const reset = await run(folder, [
    ...begun,
    ...other,
    "--reset_iterations",
    "1",
    "--rnn-size",
    "99",
    "--max-epochs",
    "1",
  ]);
  assert.equal(reset.code, 0, reset.stderr);
  assert.match(reset.stderr, /--rnn-size is ignored/);
  const { position } = loadCheckpoint(path.join(folder, "cv/more_119.safetensors"));
  assert.equal(position.step, 119);

  // A folder alone is named, and a checkpoint that holds no more than the network.
  const alone = ["--output-model", "alone.safetensors", "--checkpoint-name", "folder/"];
  assert.equal((await run(folder, [...options, ...alone])).code, 0);
  assert.ok(namesIn(folder, "folder").includes("checkpoint_59.safetensors"));
  const weightsOnly = ["train", "--init-from", "alone.safetensors", "--input-txt", "text.txt"];
  assert.match((await run(folder, weightsOnly)).stderr, /it holds the network alone/);
});

test("a network that comes with the library is gone on with by its name", async (t) => {
  const folder = workFolder(t);
  const begun = [...smallTraining(folder), "--init-from", "presidents"];
  assert.match((await run(folder, begun)).stderr, /not among the 93 .* vocabulary: "ü"/);
  fs.writeFileSync(path.join(folder, "text.txt"), someText(3000).replaceAll("ü", "u"));
  assert.match((await run(folder, begun)).stderr, /it holds the network alone/);
  const { code, stderr } = await run(folder, [
    ...begun,
    "--reset-iterations",
    "1",
    "--max-epochs",
    "1",
  ]);
  assert.equal(code, 0, stderr);
  assert.ok(namesIn(folder, "cv").some((name) => /^checkpoint_\d+\.safetensors$/.test(name)));
  const elsewhere = ["train", "--init-from", "president", "--input-txt", "text.txt"];
  assert.match((await run(folder, elsewhere)).stderr, /no network named "president" comes with/);
});

test("what can't be trained on or gone on with is refused in a paragraph", async (t) => {
  const folder = workFolder(t);
  const small = smallTraining(folder);
  const refused = async (args: string[], message: RegExp, status = 1) => {
    const { code, stderr } = await run(folder, args);
    assert.match(stderr, message);
    assert.equal(code, status, stderr);
    assert.doesNotMatch(stderr, /^\s+at /m);
  };
  await refused(["train"], /No text to learn from/, 2);
  await refused(["train", "--input-txt", "text.txt"], /training part has 2400 .* needs 2501/);
  await refused([...small, "--input-data", "text.data"], /both given/, 2);
  await refused(
    [...small, "--model-type", "perceptron"],
    /Allowed choices are lstm, gru, rnn, transformer/,
    2,
  );
  const heads = ["--model-type", "transformer", "--rnn-size", "10", "--num-heads", "4"];
  await refused([...small, ...heads], /--rnn-size 10 can't be divided among --num-heads 4/);
  await refused([...small, "--checkpoint-name", "text.txt/cv"], /part of that path is a file/);
  await refused([...small, "--val-frac", "0.6", "--test-frac", "0.4"], /--val-frac 0\.6 and/, 2);
  await refused([...small, "--rnn-size", "99999999"], /no memory .* --rnn-size 99999999/);

  fs.writeFileSync(path.join(folder, "foreign.safetensors"), "PK\u0003\u0004 something else");
  await refused(["train", "--init-from", "foreign.safetensors"], /can't be used as a checkpoint/);
  await refused(["train", "--init-from", "none.safetensors"], /could not be read \(ENOENT\)/);
  await refused(["train", "--init-from", "."], /holds no checkpoint/);
  await refused(
    ["train", "--input-data", "text.txt"],
    /can't be used as training data: preprocess didn't write it/,
  );

  assert.equal((await run(folder, [...small, "--max-epochs", "1"])).code, 0);
  const checkpoint = fs.readFileSync(path.join(folder, "cv/checkpoint_59.safetensors"));
  fs.writeFileSync(path.join(folder, "cut.safetensors"), checkpoint.subarray(0, 4000));
  await refused(["train", "--init-from", "cut.safetensors"], /can't be used as a checkpoint/);
  fs.writeFileSync(path.join(folder, "other.txt"), "東京".repeat(500));
  await refused(
    ["train", "--init-from", "cv", "--input-txt", "other.txt"],
    /not among the 22 of the network's vocabulary: "京" \(U\+4EAC\), "東" \(U\+6771\)\./,
  );
});
