import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { Wire } from "../../../runner/client/message";

test("a decoded message is the message that was encoded, whatever it holds", () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.array(fc.uint8Array()),
      fc.array(fc.uint8Array({ minLength: 1, maxLength: 5 })),
      (key, content, buffers, identities) => {
        const wire = new Wire(key);
        const parent = wire.compose("execute_request", {}).header;
        const message = wire.compose("stream", JSON.parse(JSON.stringify(content)), parent);
        message.buffers = buffers.map((buffer) => Buffer.from(buffer));
        const frames = [
          ...identities.map((identity) => Buffer.from(identity)),
          ...wire.encode(message),
        ];
        assert.deepEqual(wire.decode(frames), message);
      },
    ),
  );
});

test("the signature is the HMAC-SHA256 over the four JSON parts, as the protocol says", () => {
  const wire = new Wire("secret");
  const [delimiter, signature, ...parts] = wire.encode(wire.compose("status", { a: 1 }));
  assert.equal(delimiter.toString(), "<IDS|MSG>");
  const expected = createHmac("sha256", "secret").update(Buffer.concat(parts)).digest("hex");
  assert.equal(signature.toString(), expected);
});

test("a message that was tampered with, or signed with another key, is refused", () => {
  const wire = new Wire("secret");
  const frames = wire.encode(wire.compose("stream", { text: "true" }));
  const replaced = (index: number, text: string) =>
    frames.map((frame, i) => (i === index ? Buffer.from(text) : frame));
  const forged = replaced(5, '{"text":"forged"}');
  assert.throws(() => wire.decode(forged), /wrong signature/);
  assert.throws(() => new Wire("other").decode(frames), /wrong signature/);
  assert.throws(() => wire.decode(replaced(1, "short")), /wrong signature/);
  assert.throws(() => wire.decode(frames.slice(0, 4)), /lacks the delimiter or a part/);
  assert.throws(() => wire.decode(frames.slice(1)), /lacks the delimiter or a part/);
});
