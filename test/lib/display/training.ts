// Run as a script by live.test.ts.
import "../../../lib/node";
import { liveHistory } from "../../../lib/display/live";
import "../../../lib/node";
import { trainingRows } from "../figures/trainingRows";

const live = liveHistory();
for (const row of trainingRows(50)) {
  live.progress(row.step, 50);
  live.update(row);
}
live.done();
