import { notice } from "../display/display";
import { host } from "../host/host";
import { DataError } from "../text/dataError";
import { type Registry, shippedRegistry } from "./registry";

/** Where data may come from; every loader takes these options. */
export interface DataOptions {
  /**
   * A folder that is looked at first, laid out as `<data set>/<file>`, tables as `tabular/<file>`,
   * too; the environment variable KARENINA_DATA by default. The `datasets` folder of a cache is one.
   * What is found there is verified too.
   */
  dataFolder?: string;
  /**
   * Where downloads are kept (in `datasets/<data set>/`); by default KARENINA_CACHE, else
   * `karenina` in the user's cache folder.
   */
  cacheFolder?: string;
  /** Never use the network, but fail at once; true where KARENINA_OFFLINE=1. */
  offline?: boolean;
  /** Give a mirror up after so many seconds without a byte; 30 by default. */
  stallSeconds?: number;
  /** The pause before a second try at the same mirror, in seconds; 0.5 by default. */
  retryDelaySeconds?: number;
  /** The data sets known by name; those of datasets/registry.json by default. */
  registry?: Registry;
  /**
   * Takes the few lines said along the way (licences, warnings). Default: plain output in a notebook,
   * standard error elsewhere.
   */
  notify?: (line: string) => void;
}

/** The options with every default filled in. */
export interface DataSettings {
  dataFolder: string | undefined;
  cacheFolder: string;
  offline: boolean;
  stallSeconds: number;
  retryDelaySeconds: number;
  registry: Registry;
  notify: (line: string) => void;
}

function seconds(name: string, value: number | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  if (Number.isFinite(value) && value >= 0) return value;
  throw new DataError(
    "bad-option",
    `The option ${name} is ${value}, but it must be a number of seconds, 0 or more. Leave it out for the default of ${fallback}.`,
  );
}

function offlineByEnvironment(): boolean {
  const value = host.process.environment.KARENINA_OFFLINE ?? "";
  return !["", "0", "false"].includes(value.toLowerCase());
}

/** The user's options, else what the environment says, else the defaults. */
export function settle(options: DataOptions = {}): DataSettings {
  const dataFolder = options.dataFolder ?? host.process.environment.KARENINA_DATA;
  const cacheFolder = options.cacheFolder ?? host.fetcher.cacheFolder();
  if (!cacheFolder) {
    throw new DataError(
      "cache-not-writable",
      "There is no folder to keep data sets in, because this user has no home folder. Set KARENINA_CACHE to a folder that can be written.",
    );
  }
  return {
    dataFolder: dataFolder ? host.store.resolve(dataFolder) : undefined,
    cacheFolder: host.store.resolve(cacheFolder),
    offline: options.offline ?? offlineByEnvironment(),
    stallSeconds: seconds("stallSeconds", options.stallSeconds, 30),
    retryDelaySeconds: seconds("retryDelaySeconds", options.retryDelaySeconds, 0.5),
    registry: options.registry ?? shippedRegistry(),
    notify: options.notify ?? notice,
  };
}
