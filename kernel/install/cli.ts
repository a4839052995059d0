import { resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { installKernelSpec, kernelJson, kernelsFolder, type PlaceOptions } from "./kernelspec";
import { installLabExtension } from "./labExtension";

interface InstallOptions extends PlaceOptions {
  name: string;
  displayName: string;
  require: string[];
  env: Record<string, string>;
}

const program = new Command("karenina-kernel").description("A TypeScript kernel for Jupyter.");

program
  .command("install")
  .description("Tell Jupyter about this kernel, for the user unless another place is named.")
  .addOption(new Option("--user", "for this user").conflicts(["sysPrefix", "prefix"]))
  .addOption(
    new Option("--sys-prefix", "into the active virtualenv or conda environment").conflicts(
      "prefix",
    ),
  )
  .option("--prefix <dir>", "into <dir>/share/jupyter/kernels")
  .option("--name <name>", "the name by which programs ask for the kernel", "karenina")
  .option("--display-name <text>", "the name that people see", "TypeScript (Karenina)")
  .option(
    "--require <file...>",
    "a file that Node loads before the kernel (repeatable)",
    collect,
    [],
  )
  .option(
    "--env <KEY=VALUE...>",
    "an environment variable for the kernel (repeatable)",
    variable,
    {},
  )
  .action((options: InstallOptions) => {
    const spec = kernelJson(options);
    const kernels = kernelsFolder(options);
    const folder = installKernelSpec(kernels, options.name, spec);
    installLabExtension(kernels);
    console.log(`Installed the kernel "${options.displayName}" in ${folder}`);
  });

program
  .command("start")
  .argument("<connection-file>", "the file in which Jupyter says how to reach it")
  .description("Run a kernel. Jupyter does this; to try one by hand use `jupyter console`.");

/** Paths must hold wherever Jupyter starts the kernel; names of packages stay names. */
function collect(file: string, files: string[]): string[] {
  return [...files, /^\.{0,2}\/|^\.\.?$|\\/.test(file) ? resolve(file) : file];
}

function variable(text: string, env: Record<string, string>): Record<string, string> {
  const at = text.indexOf("=");
  if (at < 1) {
    throw new InvalidArgumentError(`Give a name and a value, as in TF_CPP_MIN_LOG_LEVEL=2.`);
  }
  return { ...env, [text.slice(0, at)]: text.slice(at + 1) };
}

try {
  program.parse();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
