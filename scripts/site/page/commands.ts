// The library's commands in a page: `karenina train ...`, and `npm run train -- ...` as in a checkout.
import type { Command } from "../../../kernel/lite/web/commands";
import { runCommandLine } from "../../../lib/cli/commandLine";
import { asProcess } from "./commandProcess";

const NAMES = ["preprocess", "train", "sample", "score", "datasets"];

export const karenina: Command = ([, ...words], streams) =>
  asProcess(streams, {}, () => runCommandLine(words));

export const npm: Command = async ([, ...words], streams) => {
  const named = words.findIndex((word) => NAMES.includes(word));
  const [run, name] = words.slice(0, named + 1).filter((word) => !/^(-s|--silent)$/.test(word));
  const rest = words.slice(named + 1);
  if (!/^(run|run-script)$/.test(run ?? "") || !NAMES.includes(name ?? "")) {
    streams.err(
      `A page has no npm, but for npm run with one of ${NAMES.join(", ")}: "npm ${words.join(" ")}" takes a machine.\n`,
    );
    return 1;
  }
  // As npm does: options before a lone -- are its own.
  const bar = rest.indexOf("--");
  const own = bar < 0 ? rest : rest.slice(0, bar);
  const handed = [
    ...own.filter((word) => !word.startsWith("-")),
    ...(bar < 0 ? [] : rest.slice(bar + 1)),
  ];
  return await asProcess(streams, { npm_lifecycle_event: name }, () =>
    runCommandLine([name, ...handed]),
  );
};
