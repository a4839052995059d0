import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

export interface HubOptions {
  /** The Python environment with jupyterhub and the proxy. */
  environment: string;
  /** The classroom's jupyterhub_config.py. */
  config: string;
  /** What students' servers have in their environment beside what the configuration says. */
  studentEnvironment: Record<string, string>;
}

/** A running JupyterHub with the classroom's configuration, of which this process is an administrator. */
export class Hub {
  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
    readonly url: string,
    readonly token: string,
  ) {}

  /**
   * Starts a hub with files in a folder of its own and on free ports.
   *
   * @throws Error with the hub's last words where it does not start
   */
  static async start({ environment, config, studentEnvironment }: HubOptions): Promise<Hub> {
    const program = join(environment, "bin", "jupyterhub");
    if (!existsSync(program)) {
      throw new Error(
        `There is no ${program}. Make the hub's environment as docs/classroom.md says, and name it ` +
          "with --hub.",
      );
    }
    const folder = mkdtempSync(join(tmpdir(), "classroom-"));
    const token = randomBytes(32).toString("hex");
    const [port, hubPort, proxyPort] = await freePorts(3);
    // JSON of strings and numbers is Python, too.
    const lines = [
      `load_subconfig(${JSON.stringify(config)})`,
      `c.JupyterHub.bind_url = "http://127.0.0.1:${port}"`,
      `c.JupyterHub.hub_port = ${hubPort}`,
      `c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:${proxyPort}"`,
      `c.JupyterHub.services = [{"name": "trial", "api_token": "${token}"}]`,
      `scopes = ["admin:users", "admin:servers", "access:servers", "tokens"]`,
      `c.JupyterHub.load_roles = [{"name": "trial", "services": ["trial"], "scopes": scopes}]`,
      `c.Spawner.environment.update(${JSON.stringify(studentEnvironment)})`,
    ];
    const own = join(folder, "jupyterhub_config.py");
    writeFileSync(own, `${lines.join("\n")}\n`, { mode: 0o600 });
    const log = openSync(join(folder, "hub.log"), "a");
    const child = spawn(program, ["-f", own], { cwd: folder, stdio: ["ignore", log, log] });
    const hub = new Hub(child, folder, `http://127.0.0.1:${port}`, token);
    await hub.untilReady();
    return hub;
  }

  /** The hub's process; the proxy is its child. */
  get pid(): number {
    return this.process.pid!;
  }

  /** What the hub and the students' servers have logged. */
  get log(): string {
    return readFileSync(join(this.folder, "hub.log"), "utf8");
  }

  /**
   * Asks the hub or, below `/user`, a student's server.
   *
   * @param path after the hub's address
   * @param token whose right it is asked by. Default: this process's, which may do everything.
   */
  async ask(method: string, path: string, body?: object, token = this.token): Promise<Response> {
    return await fetch(this.url + path, {
      method,
      headers: { authorization: `token ${token}`, "content-type": "application/json" },
      body: body && JSON.stringify(body),
      redirect: "manual",
    });
  }

  /**
   * The same, where an answer is expected.
   *
   * @throws Error where the answer is none
   */
  async get<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await this.ask(method, path, body);
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status} ${text}\n${this.log.slice(-3000)}`);
    }
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }

  /** Ends the hub with its proxy and removes its files. */
  async stop(): Promise<void> {
    if (this.process.exitCode === null) {
      const ended = new Promise((resolve) => this.process.once("exit", resolve));
      this.process.kill("SIGTERM");
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async untilReady(): Promise<void> {
    for (;;) {
      if (this.process.exitCode !== null) {
        throw new Error(`JupyterHub did not start. It says:\n${this.log.slice(-3000)}`);
      }
      // Through the proxy, so both are there.
      const answer = await this.ask("GET", "/hub/api/").catch(() => undefined);
      if (answer?.ok) {
        return;
      }
      await pause(200);
    }
  }
}

/** Ports of the loopback device that are free now. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  return await Promise.all(
    servers.map(async (server) => {
      const { port } = server.address() as { port: number };
      await new Promise((resolve) => server.close(resolve));
      return port;
    }),
  );
}
