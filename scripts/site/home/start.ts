// What the site's first page does: see scripts/site/home.ts for what it says.
import { WorkControls } from "../work/workControls";
import { element } from "./element";
import { MoonsPicture } from "./moonsPicture";
import { type ListedLesson, ProgressTable } from "./progressTable";
import { Writer } from "./writer";

const { lessons, networks } = JSON.parse(element("page-data").textContent ?? "") as {
  lessons: ListedLesson[];
  networks: string;
};

new Writer(networks);
new MoonsPicture();
const site = new URL(".", location.href).href;
new ProgressTable(lessons, site);
new WorkControls(site);
