// npm run site: the course as a site on which notebooks run in the page.
import "../../lib/node";
import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import { Command, Option } from "commander";
import { makeLiveSite, weigh } from "./make";
import { writePackages } from "./packages";
import { serve } from "./serve";
import type { PackageRequest } from "./sitePackages";

const ROOT = resolve(__dirname, "../..");

interface CliOptions {
  out: string;
  mode: string;
  serve: boolean;
  build: boolean;
  port: string;
  packages?: string;
  bundle?: string;
  cdn?: string;
}

async function run(options: CliOptions): Promise<void> {
  const { out, mode, serve: serving, build, port, packages } = options;
  // npm runs in the project's folder; INIT_CWD is where the user typed.
  const typedIn = process.env.INIT_CWD ?? process.cwd();
  const request: PackageRequest = {
    bundle: options.bundle?.split(",").map((name) => name.trim()),
    cdn: options.cdn && resolve(typedIn, options.cdn),
  };
  if (packages !== undefined) {
    const { wheel, lines } = await writePackages(resolve(typedIn, packages), request);
    for (const line of lines) {
      console.error(line);
    }
    console.log(wheel);
    return;
  }
  const folder = resolve(out === DEFAULT ? ROOT : typedIn, out);
  if (build) {
    const work = resolve(ROOT, "build/site-parts");
    for (const line of await makeLiveSite({ folder, work, mode, packages: request })) {
      console.error(line);
    }
    const { bytes, files } = weigh(folder);
    const megabytes = (bytes / 1e6).toFixed(1);
    console.log(`${relative(process.cwd(), folder)}: ${files} files, ${megabytes} MB`);
  } else if (options.bundle ?? options.cdn) {
    throw new Error("Packages are added when the site is made: leave out --no-build.");
  } else if (!existsSync(folder)) {
    throw new Error(`There is no site in ${folder}: leave out --no-build.`);
  }
  if (serving) {
    const { address } = await serve(folder, { port: Number(port) });
    console.log(`${address} (Ctrl-C ends it)`);
  }
}

const DEFAULT = "build/live";

new Command("site")
  .description(
    "Makes one static folder on which the lessons run in the reader's browser, for any host.",
  )
  .option("--out <folder>", "where to put it; what lies there is replaced", DEFAULT)
  .addOption(
    new Option("--mode <mode>", "how much lessons compute")
      .choices(["fast", "browser", "lesson", "full"])
      .default("browser"),
  )
  .option("--serve", "show it at an address of this machine", false)
  .option("--no-build", "take the site that is there")
  .option("--packages <folder>", "the kernel alone, as a wheel and an npm package, and no site")
  .option("--bundle <names>", "packages of the project that cells can import, with commas between")
  .option("--cdn <file>", "a list of pinned packages that cells can import from other hosts")
  .option("--port <port>", "for --serve", "8080")
  .action(run)
  .parseAsync()
  .catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
