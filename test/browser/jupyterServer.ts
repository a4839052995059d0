import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";

export const ROOT = resolve(__dirname, "../..");

export interface JupyterServerOptions {
  /** Names the folder of the server's files, so that servers of several tests can run at once. */
  name: string;
  /** Added to the environment of the server, and with it of the kernels. */
  env?: NodeJS.ProcessEnv;
}

/** What the server tells of a notebook and its kernel. */
interface Session {
  path: string;
  kernel: { execution_state: string; connections: number };
}

/** What a test looks at of a notebook's file. */
export interface SavedNotebook {
  cells: { outputs: { data: Record<string, string | string[]> }[] }[];
  metadata: {
    widgets: Record<
      string,
      { state: Record<string, { model_name: string; state: Record<string, unknown> }> }
    >;
  };
}

/** A Jupyter server of the project's own environment; it serves Lab and Notebook alike. */
export class JupyterServer {
  private constructor(
    private readonly process: ChildProcess,
    private readonly address: string,
    private readonly token: string,
    private readonly said: () => string,
    /** Where the server's notebooks lie: inside the project, whose packages their cells import. */
    readonly root: string,
  ) {}

  /** Starts a server on a free loopback port and resolves when it answers. */
  static async start({ name, env = {} }: JupyterServerOptions): Promise<JupyterServer> {
    const folder = join(ROOT, "build/browser", name);
    rmSync(folder, { recursive: true, force: true });
    const home = (part: string) => join(folder, "home", part);
    const root = join(folder, "root");
    mkdirSync(root, { recursive: true });
    const port = await freePort();
    const token = randomBytes(16).toString("hex");
    const python = process.platform === "win32" ? "Scripts/python.exe" : "bin/python";
    const child = spawn(
      join(ROOT, ".venv", python),
      [
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        `--ServerApp.root_dir=${root}`,
        `--ServerApp.port=${port}`,
        "--ServerApp.port_retries=0",
        `--IdentityProvider.token=${token}`,
        "--LabApp.news_url=None",
        "--LabApp.extension_manager=readonly",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--ServerApp.log_level=WARN",
      ],
      {
        env: {
          ...process.env,
          KARENINA_PROGRESS: "",
          ...env,
          JUPYTER_PATH: join(ROOT, "build"),
          JUPYTER_CONFIG_DIR: home("config"),
          JUPYTER_DATA_DIR: home("data"),
          JUPYTER_RUNTIME_DIR: home("runtime"),
          KARENINA_HISTORY: home("history"),
        },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (text) => {
        said = (said + text).slice(-8000);
        appendFileSync(join(folder, "server.log"), text);
      });
    }
    const server = new JupyterServer(child, `http://127.0.0.1:${port}`, token, () => said, root);
    await server.becomeReady();
    return server;
  }

  /**
   * Puts plotly.js where figures look for it: as in a project whose notebooks lie beside its packages.
   * The server follows no link out of its folder.
   */
  addPlotly(): void {
    const plotly = join(this.root, "node_modules/plotly.js-dist");
    mkdirSync(plotly, { recursive: true });
    copyFileSync(require.resolve("plotly.js-dist"), join(plotly, "plotly.js"));
  }

  /** Writes a notebook for the karenina kernel; its cells have no output yet. */
  writeNotebook(name: string, sources: string[]): void {
    const notebook = {
      cells: sources.map((source, i) => ({
        cell_type: "code",
        id: `cell-${i}`,
        execution_count: null,
        metadata: {},
        outputs: [],
        source,
      })),
      metadata: {
        kernelspec: { name: "karenina", display_name: "TypeScript", language: "typescript" },
      },
      nbformat: 4,
      nbformat_minor: 5,
    };
    writeFileSync(join(this.root, name), JSON.stringify(notebook));
  }

  /** A notebook as its front end has saved it, once it is as expected. */
  async saved(
    name: string,
    expected: (notebook: SavedNotebook) => boolean,
  ): Promise<SavedNotebook> {
    const deadline = Date.now() + 180_000;
    for (;;) {
      // Half a file is no JSON yet.
      try {
        const notebook = JSON.parse(readFileSync(join(this.root, name), "utf8"));
        if (expected(notebook)) {
          return notebook;
        }
      } catch (error) {
        if (!(error instanceof SyntaxError)) {
          throw error;
        }
      }
      if (Date.now() > deadline) {
        throw new Error(`${name} was not saved. ${this.said()}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Resolves when a notebook's kernel is idle and a front end is connected to it. */
  async connected(name: string): Promise<void> {
    const deadline = Date.now() + 180_000;
    for (;;) {
      const sessions = (await (await fetch(this.url("api/sessions"))).json()) as Session[];
      const kernel = sessions.find(({ path }) => path === name)?.kernel;
      if (kernel?.execution_state === "idle" && kernel.connections > 0) {
        return;
      }
      if (Date.now() > deadline) {
        throw new Error(`${name} got no kernel: ${JSON.stringify(kernel)}. ${this.said()}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** The address of a page, with the token that opens it. */
  url(path: string): string {
    return `${this.address}/${path}?token=${this.token}`;
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      // The server ends its kernels first.
      this.process.kill("SIGTERM");
      await once(this.process, "exit");
    }
  }

  private async becomeReady(): Promise<void> {
    const deadline = Date.now() + 180_000;
    for (;;) {
      const answered = await fetch(this.url("api/status")).then(
        (response) => response.ok,
        () => false,
      );
      if (answered) {
        return;
      }
      if (this.process.exitCode !== null || Date.now() > deadline) {
        throw new Error(`JupyterLab did not start. It said:\n${this.said()}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (typeof address !== "object" || address === null) {
    throw new Error("The system gave no free port.");
  }
  return address.port;
}
