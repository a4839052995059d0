import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { Wire } from "../../../kernel/front/wire";
import { Wire as ClientWire } from "../../../runner/client/message";
import { printed, result, start } from "../../kernel/process/kernels";
import { fuzz } from "../settings";
import { mutations, nastyText, nastyValue } from "./mutations";

const KEY = "a key of the connection file";
const contents = fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true });
const words = fc.stringMatching(/^[a-z_]{1,20}$/);

/** What stands for half a surrogate pair, which no other language can write. */
const HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function withoutHalves(value: unknown): unknown {
  if (typeof value === "string") {
    return value.replace(HALF, "\ufffd");
  }
  if (Array.isArray(value)) {
    return value.map(withoutHalves);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, inside]) => [
      key.replace(HALF, "\ufffd"),
      withoutHalves(inside),
    ]),
  );
}

test("any message arrives as it was sent, from both ends of the wire", () => {
  const kernel = new Wire(KEY, "hmac-sha256");
  const client = new ClientWire(KEY);
  const frames = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 3 });
  fc.assert(
    fc.property(words, contents, frames, (type, made, buffers) => {
      const content = JSON.parse(JSON.stringify(made));
      const message = {
        ...client.compose(type, content),
        buffers: buffers.map((b) => Buffer.from(b)),
      };
      const there = kernel.unpack([Buffer.from("me"), ...client.encode(message)]);
      assert.deepEqual(there?.content, content);
      assert.deepEqual(there?.header, message.header);
      assert.deepEqual(there?.buffers, message.buffers);
      const packed = kernel.pack({ identities: [], type, content, buffers, parent: there?.header });
      const back = client.decode(packed.map((frame) => Buffer.from(frame)));
      assert.deepEqual(back.content, withoutHalves(content));
      assert.deepEqual(back.parent_header, message.header);
    }),
    fuzz(0.1),
  );
});

test("of changed frames none is taken for a message, unless the signed part is untouched", () => {
  const client = new ClientWire(KEY);
  let dropped = 0;
  fc.assert(
    fc.property(
      contents,
      fc.nat({ max: 6 }),
      mutations,
      fc.boolean(),
      (content, at, mutate, drop) => {
        const kernel = new Wire(KEY, "hmac-sha256");
        const sent = [Buffer.from("me"), ...client.encode(client.compose("any_request", content))];
        const changed = [...sent];
        if (drop) {
          changed.splice(at, 1);
        } else {
          changed[at] = mutate(changed[at % changed.length]);
        }
        const read = kernel.unpack(changed);
        const start = changed.findIndex((frame) => frame.equals(Buffer.from("<IDS|MSG>")));
        const isWhole =
          start >= 0 && sent.slice(2).every((part, i) => changed[start + 1 + i]?.equals(part));
        assert.equal(read !== undefined, isWhole);
        if (read === undefined) {
          dropped++;
        } else {
          assert.deepEqual(read.content, JSON.parse(JSON.stringify(content)));
        }
      },
    ),
    fuzz(0.4),
  );
  assert.ok(dropped > fuzz(0.4).numRuns / 2, `only ${dropped} were dropped`);
});

test("signed frames of anything are a message with a type and an id, or dropped", () => {
  const part = fc.oneof(
    nastyValue.map((value) => JSON.stringify(value) ?? ""),
    nastyText,
  );
  const frames = fc.array(part, { minLength: 3, maxLength: 6 });
  fc.assert(
    fc.property(frames, fc.boolean(), (texts, isSigned) => {
      const parts = texts.map((text) => Buffer.from(text));
      const hmac = createHmac("sha256", KEY);
      for (const each of parts.slice(0, 4)) {
        hmac.update(each);
      }
      const signature = Buffer.from(isSigned ? hmac.digest("hex") : "");
      const kernel = new Wire(isSigned ? KEY : "", "hmac-sha256");
      const read = kernel.unpack([Buffer.from("<IDS|MSG>"), signature, ...parts]);
      if (read === undefined) {
        return;
      }
      assert.equal(typeof read.header.msg_id, "string");
      assert.equal(typeof read.header.msg_type, "string");
      assert.notEqual(read.content, null);
    }),
    fuzz(0.2),
  );
});

/** What a front end may ask, and whether the protocol owes it a reply. */
const KINDS = {
  kernel_info_request: true,
  comm_info_request: true,
  history_request: true,
  is_complete_request: true,
  complete_request: true,
  inspect_request: true,
  execute_request: true,
  debug_request: true,
  comm_open: false,
  comm_msg: false,
  comm_close: false,
  unheard_of_request: false,
} as const;

const code = fc.oneof(
  nastyText.filter((text) => text.length < 100),
  fc.constantFrom("const a = 1", "a +", "Math.", "?Math.max", "'", "`${", "/*", "1;".repeat(50)),
);
const field = fc.oneof({ weight: 3, arbitrary: code }, { weight: 1, arbitrary: nastyValue });
const place = fc.oneof(fc.integer({ min: -5, max: 200 }), nastyValue);
const aboutCode = fc.record({
  code: field,
  cursor_pos: place,
  detail_level: place,
  user_expressions: nastyValue,
  store_history: nastyValue,
  stop_on_error: nastyValue,
});
const aboutHistory = fc.record({
  hist_access_type: fc.oneof(fc.constantFrom("range", "tail", "search"), nastyValue),
  n: place,
  session: place,
  start: place,
  stop: place,
  unique: nastyValue,
  output: nastyValue,
  pattern: fc.oneof(fc.constantFrom("*", "[z-a]*", "[", "[^]", "]", "?[a-]"), field),
});
const aboutComm = fc.record({ comm_id: field, target_name: field, data: nastyValue });

/** A request whose content mostly has the form that its type asks for. */
const requests = fc
  .constantFrom(...(Object.keys(KINDS) as (keyof typeof KINDS)[]))
  .chain((type) => {
    const fitting = type.startsWith("comm_")
      ? aboutComm
      : type === "history_request"
        ? aboutHistory
        : aboutCode;
    return fc.record({
      type: fc.constant(type),
      content: fc.oneof({ weight: 4, arbitrary: fitting }, { weight: 1, arbitrary: nastyValue }),
      channel: fc.constantFrom("shell" as const, "control" as const),
    });
  });

test("a kernel that is asked anything answers all that it owes, and goes on computing", async () => {
  const kernel = await start();
  // By its end all that starting has asked for has been answered, and is not counted below.
  await kernel.execute("0");
  const idle: Record<string, number> = {};
  kernel.listen((channel, { header, content, parent_header: parent }) => {
    if (channel !== "iopub" || header.msg_type !== "status") {
      return;
    }
    if (content.execution_state !== "idle" || !parent.msg_type) {
      return;
    }
    idle[parent.msg_type] = (idle[parent.msg_type] ?? 0) + 1;
  });
  const sent: Record<string, number> = {};
  const { numRuns, seed } = fuzz(0.3);
  const batch = 50;
  const all = fc.sample(requests, { numRuns, seed });
  for (let begin = 0; begin < all.length; begin += batch) {
    const replies: Promise<unknown>[] = [];
    for (const { type, content, channel } of all.slice(begin, begin + batch)) {
      sent[type] = (sent[type] ?? 0) + 1;
      const reply = kernel.request(type, content as object, { channel, timeoutMs: 600_000 });
      if (KINDS[type]) {
        replies.push(
          reply.catch((error) => {
            throw new Error(`${type} ${JSON.stringify(content).slice(0, 300)}: ${error.message}`);
          }),
        );
      } else {
        reply.catch(() => {});
      }
    }
    await Promise.all(replies);
    const { outputs, status } = await kernel.execute("console.log('alive'); 6 * 7");
    assert.equal(status, "ok");
    assert.equal(result({ outputs } as never), "42");
    assert.match(printed({ outputs } as never), /alive/);
  }
  const { execute_request: cells = 0, ...others } = idle;
  const { execute_request: asked = 0, ...rest } = sent;
  assert.deepEqual(others, rest, "each is followed by idle");
  assert.equal(cells, asked + Math.ceil(all.length / batch));
  assert.deepEqual(kernel.protocolFaults, []);
  await kernel.shutdown();
});
