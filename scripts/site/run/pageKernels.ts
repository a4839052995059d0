// Kernels in pages, for the runner of notebooks.
import "../../../lib/node";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { build } from "esbuild";
import type { Browser } from "playwright-core";
import { forPage } from "../../../kernel/lite/make/bundle";
import { KernelError } from "../../../runner/client";
import type { KernelMaker, StartRequest } from "../../../runner/kernels";
import { launch } from "../../test/launch";
import { writeKernelFiles } from "../kernelFiles";
import { KERNEL_FOLDER } from "../kernelFolder";
import { serve } from "../serve";
import { PageKernel } from "./pageKernel";

/** Where a site has the kernel's worker. */
const WORKER = `${KERNEL_FOLDER}worker.js`;

/** An isolated page, so that Stop reaches all code. */
const HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** Variables that name files of this machine, which a page does not have. */
const OF_THIS_MACHINE = /^KARENINA_(DATA|CHROMIUM|FIREFOX|BROWSER|BACKEND)$/;

/** One headless browser; each kernel has a page and a profile of its own. */
export class PageKernels implements KernelMaker {
  readonly name = "lite";

  private constructor(
    private readonly browser: Browser,
    private readonly server: Server,
    private readonly address: string,
    private readonly script: string,
    /** Ends the browser and removes what was made for this run. */
    private readonly cleanUp: () => Promise<void>,
  ) {}

  /**
   * @param site what `npm run site` made; default: the kernel as it is now, without a site around it
   * @throws Error where there is no such site, or no browser
   */
  static async open(site?: string): Promise<PageKernels> {
    if (site !== undefined) {
      requireSite(site);
    }
    const browser = await launch();
    const folder = site ?? mkdtempSync(join(tmpdir(), "page-kernels-"));
    const cleanUp = async () => {
      await browser.close();
      if (folder !== site) {
        rmSync(folder, { recursive: true, force: true });
      }
    };
    try {
      if (folder !== site) {
        await makePage(folder);
      }
      const { outputFiles } = await build({
        ...forPage(),
        entryPoints: [join(__dirname, "page.ts")],
        write: false,
      });
      const { server, address } = await serve(folder, { port: 0, headers: HEADERS });
      return new PageKernels(browser, server, address, outputFiles[0].text, cleanUp);
    } catch (error) {
      await cleanUp();
      throw error;
    }
  }

  async start({ env = {}, signal }: StartRequest): Promise<PageKernel> {
    if (signal?.aborted) {
      throw new KernelError("start", "The start was given up.");
    }
    const page = await (await this.browser.newContext()).newPage();
    return await PageKernel.start(page, {
      address: this.address,
      worker: WORKER,
      script: this.script,
      environment: {
        // A report is the same each time, and no device's.
        KARENINA_SPEED: "off",
        ...Object.fromEntries(
          Object.entries(env).flatMap(([name, value]) =>
            value === undefined || !name.startsWith("KARENINA_") || OF_THIS_MACHINE.test(name)
              ? []
              : [[name, value]],
          ),
        ),
      },
    });
  }

  async close(): Promise<void> {
    await this.cleanUp();
    this.server.close();
  }
}

function requireSite(site: string): void {
  if (!existsSync(join(site, WORKER))) {
    const folder = relative(process.cwd(), site);
    throw new Error(`There is no site in ${folder} yet. Make it with npm run site.`);
  }
}

/** An empty page, and the kernel beside it as on a site. */
async function makePage(folder: string): Promise<void> {
  writeFileSync(join(folder, "index.html"), "<!doctype html><title>Karenina</title>");
  const { missingData } = await writeKernelFiles(join(folder, KERNEL_FOLDER), { mode: "fast" });
  for (const line of missingData) {
    console.error(`This data set is not there for the page. ${line}`);
  }
}
