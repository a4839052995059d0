import assert from "node:assert/strict";
import { test } from "node:test";
import { Wire } from "../../../kernel/front/wire";

const client = new Wire("secret", "hmac-sha256");
const kernel = new Wire("secret", "hmac-sha256");
const frames = (wire = client) =>
  wire
    .pack({ identities: [Buffer.from("me")], type: "execute_request", content: { code: "1" } })
    .map((frame) => Buffer.from(frame));

test("a packed message is unpacked as it was", () => {
  const packed = client
    .pack({ identities: ["me"], type: "t", content: { a: 1 }, buffers: [new Uint8Array([1, 2])] })
    .map((frame) => Buffer.from(frame));
  const message = kernel.unpack(packed);
  assert.equal(message?.header.msg_type, "t");
  assert.deepEqual(message?.content, { a: 1 });
  assert.deepEqual(message?.identities.map(String), ["me"]);
  assert.deepEqual(
    message?.buffers.map((buffer) => [...buffer]),
    [[1, 2]],
  );
});

test("a changed, unsigned, otherwise signed or replayed message is dropped", () => {
  for (const index of [3, 4, 5, 6]) {
    const changed = frames();
    changed[index] = Buffer.from(`${changed[index]} `);
    assert.equal(kernel.unpack(changed), undefined, `frame ${index}`);
  }
  const unsigned = frames();
  unsigned[2] = Buffer.from("");
  assert.equal(kernel.unpack(unsigned), undefined);
  assert.equal(kernel.unpack(frames(new Wire("other", "hmac-sha256"))), undefined);
  const once = frames();
  assert.notEqual(kernel.unpack(once), undefined);
  assert.equal(kernel.unpack(once), undefined);
});

test("what is no message is dropped without a throw", () => {
  for (const rubbish of [[], ["<IDS|MSG>"], ["a", "b"], ["<IDS|MSG>", "", "{", "{}", "{}", "{}"]]) {
    const packed = rubbish.map((text) => Buffer.from(text));
    assert.equal(kernel.unpack(packed), undefined);
    assert.equal(new Wire("", "hmac-sha256").unpack(packed), undefined);
  }
});

test("lone surrogates, which no other language can write, are replaced; nothing else is", () => {
  const content = { text: 'lone \ud83d, pair 😀, written out \\ud83d, "quoted"' };
  const packed = client
    .pack({ identities: [], type: "stream", content })
    .map((f) => Buffer.from(f));
  assert.deepEqual(kernel.unpack(packed)?.content, {
    text: 'lone \ufffd, pair 😀, written out \\ud83d, "quoted"',
  });
});

test("an empty key turns signing off", () => {
  const open = new Wire("", "hmac-sha256");
  assert.equal(open.unpack(frames(open))?.header.msg_type, "execute_request");
});
