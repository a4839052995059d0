import { npmCommand } from "../setup/npm.mjs";
import { type Outcome, run } from "../setup/run.mjs";

/**
 * The environment of a stranger's shell: `npm run` puts this project's settings and folders into
 * variables, which would follow npm into other folders. Where npm looks for packages stays.
 */
export function strangersEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = /^npm_config_(registry|cache|userconfig|globalconfig|proxy|https_proxy|cafile)$/i;
  const own = ([name]: [string, unknown]) =>
    (!/^(npm_|INIT_CWD$)/i.test(name) || kept.test(name)) &&
    !/^(KARENINA_|NODE_OPTIONS$|NODE_PATH$)/.test(name);
  return Object.fromEntries(Object.entries(env).filter(own));
}

/** @throws Error with npm's words where it fails */
export async function npm(args: string[], cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  const [command, ...before] = npmCommand(process.env);
  const outcome = await run(command, [...before, ...args], { cwd, env, limitSeconds: 1200 });
  return outputOf(outcome, `npm ${args.join(" ")}`);
}

/** @throws Error with the program's words where it fails */
export async function node(args: string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Outcome> {
  const outcome = await run(process.execPath, args, { cwd, env, limitSeconds: 600 });
  outputOf(outcome, `node ${args.join(" ")}`);
  return outcome;
}

function outputOf({ ok, failure, stdout, stderr }: Outcome, command: string): string {
  if (ok) {
    return stdout;
  }
  const words = `${stdout}\n${stderr}`.trim().split("\n").slice(-40).join("\n");
  throw new Error(`\`${command}\` failed: ${failure}\n${words}`);
}
