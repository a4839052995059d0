// Trains W2 silently and with a live chart in turns, and prints what the chart costs.
import { liveHistory, ready, setSeed } from "karenina";
import { displayTo } from "../../lib/display/display";
import { median } from "./contest";
import { stepwise } from "./stepwise";
import { workloads } from "./workloads";

/** Steps of a turn: several drawings, which come every half second. */
const STEPS = 100;

/** A notebook that gets every display as a kernel's message and throws it away. */
function showToNobody(): void {
  displayTo({
    kind: "notebook",
    show: (bundle, options) => void Buffer.from(JSON.stringify({ bundle, options })),
  });
}

async function main(): Promise<void> {
  const [folder, rounds] = process.argv.slice(2);
  await ready();
  setSeed(1);
  showToNobody();
  const workload = workloads.find(({ name }) => name === "W2")!;
  const live = liveHistory({ title: "W2" });
  const total = (Number(rounds) + 1) * STEPS;
  const silent = stepwise(workload, folder);
  const shown = stepwise(workload, folder, [
    {
      onStep(row) {
        live.update(row);
        live.progress(row.step, total);
      },
    },
  ]);
  const turn = async (step: () => Promise<number>) => {
    const started = performance.now();
    for (let i = 0; i < STEPS; i++) {
      await step();
    }
    return (performance.now() - started) / STEPS;
  };
  const [silentTurns, shownTurns]: [number[], number[]] = [[], []];
  for (let round = 0; round <= Number(rounds); round++) {
    const [without, withChart] =
      round % 2 === 0
        ? [await turn(silent), await turn(shown)]
        : [await turn(shown), await turn(silent)].reverse();
    if (round === 0) {
      continue; // warms up
    }
    silentTurns.push(without);
    shownTurns.push(withChart);
  }
  live.done();
  const ratio = median(shownTurns.map((each, i) => each / silentTurns[i]));
  const result = { silentMs: median(silentTurns), liveMs: median(shownTurns), ratio };
  console.log(JSON.stringify(result));
  process.exit(); // the trainings wait for more
}

main();
