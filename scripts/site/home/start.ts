// What the site's first page does: see scripts/site/home.ts for what it says.
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
new ProgressTable(lessons, new URL(".", location.href).href);
