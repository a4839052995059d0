// The one channel on which the kernel speaks first.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Dealer } from "zeromq";
import { Sockets } from "../../../kernel/front/sockets";
import { createConnectionFile } from "../../../runner/client/connection";
import { Wire } from "../../../runner/client/message";

test("a question waits for a client whose stdin is not connected yet, and holds up nobody else's", async (t) => {
  const { info, remove } = await createConnectionFile("x");
  t.after(remove);
  const sockets = new Sockets(info);
  t.after(() => sockets.close());
  await sockets.open(() => {});
  const wire = new Wire(info.key);
  const connect = (routingId: string) => {
    const dealer = new Dealer({ linger: 0, routingId });
    t.after(() => dealer.close());
    dealer.connect(`tcp://127.0.0.1:${info.stdin_port}`);
    return dealer;
  };
  const ask = (client: string, prompt: string) =>
    sockets.send("stdin", {
      identities: [Buffer.from(client)],
      type: "input_request",
      content: { prompt },
    });
  const promptOf = async (dealer: Dealer) => wire.decode(await dealer.receive()).content.prompt;

  ask("late", "Who?");
  ask("there", "You?");
  await sockets.drained();
  assert.equal(await promptOf(connect("there")), "You?");
  ask("there", "And you?");
  ask("never", "Anybody?");
  assert.equal(await promptOf(connect("late")), "Who?");
});
