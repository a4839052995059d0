// Kernels in pages of the built site, for the runner of notebooks.
import { existsSync } from "node:fs";
import type { Server } from "node:http";
import { join, relative } from "node:path";
import { build } from "esbuild";
import type { Browser } from "playwright-core";
import { forPage } from "../../../kernel/lite/make/bundle";
import { KernelError } from "../../../runner/client";
import type { KernelMaker, StartRequest } from "../../../runner/kernels";
import { launch } from "../../test/launch";
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
  ) {}

  /**
   * @param site what `npm run site` made
   * @throws Error where there is no site, or no browser
   */
  static async open(site: string): Promise<PageKernels> {
    if (!existsSync(join(site, WORKER))) {
      const folder = relative(process.cwd(), site);
      throw new Error(`There is no site in ${folder} yet. Make it with npm run site.`);
    }
    const { outputFiles } = await build({
      ...forPage(),
      entryPoints: [join(__dirname, "page.ts")],
      write: false,
    });
    const browser = await launch();
    const { server, address } = await serve(site, { port: 0, headers: HEADERS });
    return new PageKernels(browser, server, address, outputFiles[0].text);
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
      environment: Object.fromEntries(
        Object.entries(env).flatMap(([name, value]) =>
          value === undefined || !name.startsWith("KARENINA_") || OF_THIS_MACHINE.test(name)
            ? []
            : [[name, value]],
        ),
      ),
    });
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.server.close();
  }
}
