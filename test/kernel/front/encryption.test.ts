// Sockets with keys talk to nobody but those who have them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { curveKeyPair, Dealer, type SocketOptions } from "zeromq";
import { Sockets } from "../../../kernel/front/sockets";
import type { Message } from "../../../kernel/front/wire";
import { createConnectionFile } from "../../../runner/client/connection";
import { Wire } from "../../../runner/client/message";

test("a stranger's message never arrives, whatever keys the stranger has", async (t) => {
  const { info, remove } = await createConnectionFile("x", { encrypted: true });
  t.after(remove);
  const sockets = new Sockets(info);
  t.after(() => sockets.close());
  const received: string[] = [];
  let arrived = () => {};
  const friendHeard = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  await sockets.open((_channel, { content }: Message) => {
    received.push(String(content.from));
    arrived();
  });
  const address = `tcp://127.0.0.1:${info.shell_port}`;
  const send = (from: string, keys: SocketOptions<Dealer>) => {
    const dealer = new Dealer({ linger: 0, ...keys });
    t.after(() => dealer.close());
    const refused = new Promise<void>((resolve) => {
      for (const event of [
        "handshake:error:protocol",
        "handshake:error:other",
        "disconnect",
      ] as const) {
        dealer.events.on(event, () => resolve());
      }
    });
    dealer.connect(address);
    const wire = new Wire(info.key);
    void dealer.send(wire.encode(wire.compose("kernel_info_request", { from }))).catch(() => {});
    return refused;
  };
  const { publicKey: curvePublicKey, secretKey: curveSecretKey } = curveKeyPair();
  await send("plain", {});
  await send("wrong key", { curveServerKey: curvePublicKey, curvePublicKey, curveSecretKey });
  void send("friend", { curveServerKey: info.curve_publickey, curvePublicKey, curveSecretKey });
  await friendHeard;
  assert.deepEqual(received, ["friend"]);
});

test("one key without the other is refused", async (t) => {
  const { info, remove } = await createConnectionFile("x", { encrypted: true });
  t.after(remove);
  const { curve_secretkey: _, ...half } = info;
  assert.throws(() => new Sockets(half), /without the other/);
});
