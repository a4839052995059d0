import assert from "node:assert/strict";
import { test } from "node:test";
import { Blocks } from "../../../../lib/engine/web/blocks";

/** A generator of whole numbers below a bound that is the same everywhere (Park & Miller 1988). */
function generator(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

test("blocks never overlap, and what is given back is handed out again", () => {
  const below = generator(7);
  let memory = 0;
  const blocks = new Blocks(1000, (end) => {
    memory = Math.max(memory, end);
  });
  const taken: { at: number; bytes: number }[] = [];
  let most = 0;
  for (let round = 0; round < 3000; round++) {
    if (taken.length > 0 && below(100) < 48) {
      blocks.give(taken.splice(below(taken.length), 1)[0].at);
    } else {
      const bytes = 1 + below(500);
      taken.push({ at: blocks.take(bytes), bytes });
    }
    const inOrder = [...taken].sort((one, other) => one.at - other.at);
    inOrder.forEach(({ at, bytes }, i) => {
      assert.ok(at >= 1000 && at % 64 === 0);
      assert.ok(at + bytes <= (inOrder[i + 1]?.at ?? memory), "it ends before the next one begins");
    });
    most = Math.max(most, blocks.used);
  }
  assert.ok(memory - 1000 < 3 * most, `${memory} bytes of memory for at most ${most}`);
  for (const { at } of taken) {
    blocks.give(at);
    blocks.give(at);
  }
  assert.equal(blocks.used, 0);
  const before = memory;
  blocks.give(blocks.take(before - 1100));
  assert.equal(memory, before, "all gaps have become one");
});

test("where memory does not grow, nothing has changed", () => {
  let limit = 5000;
  const blocks = new Blocks(0, (end) => {
    if (end > limit) {
      throw new Error("full");
    }
  });
  const first = blocks.take(4000);
  assert.throws(() => blocks.take(2000), /full/);
  assert.equal(blocks.used, 4032);
  limit = 10_000;
  assert.ok(blocks.take(2000) >= first + 4000);
});
