import { closest } from "fastest-levenshtein";
import { given, OptionError, requireOptions } from "../options";
import { textOf } from "../text/dataError";
import type { DataOptions } from "./dataOptions";
import { obtainFiles } from "./obtain";

/** One address of a president to Congress. */
export interface Address {
  president: string;
  year: number;
  /** Absent for George Washington, who had none. */
  party?: string;
  text: string;
}

/** Which addresses to load; all by default. */
export interface AddressesOptions extends DataOptions {
  /** A name or a part of one: `"Trump"`, `"Abraham Lincoln"`; case does not matter. */
  president?: string;
  /** The first year, 1790 at the earliest. */
  from?: number;
  /** The last year, 2021 at the latest. */
  to?: number;
}

function words(name: string): string[] {
  return name.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function unknownPresident(wanted: string, addresses: Address[]): OptionError {
  const names = [...new Set(addresses.map((address) => address.president))];
  const byLastName = new Map(names.map((name) => [words(name).at(-1)!, name]));
  const last = closest(words(wanted).at(-1) ?? "", [...byLastName.keys()]);
  return new OptionError(
    `No president's name has "${wanted}" in it. Did you mean "${byLastName.get(last)}"? The names are: ${names.join(", ")}.`,
  );
}

/**
 * Loads State of the Union addresses, by year.
 *
 * @example
 * const speeches = await loadAddresses({ president: "Trump" });
 *
 * @throws OptionError for a name that no president has, or years without an address
 * @throws DataError where the data set cannot be had
 */
export async function loadAddresses(options: AddressesOptions = {}): Promise<Address[]> {
  const { president, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = options;
  const years = given({ from: options.from, to: options.to });
  requireOptions(years, Number.isInteger, "a whole year, such as 2017");
  const [file] = await obtainFiles("sotu", options);
  const all = JSON.parse(textOf(file.content)) as Address[];
  let chosen = all;
  if (president !== undefined) {
    const wanted = words(president);
    chosen = all.filter((address) => {
      const name = words(address.president);
      return wanted.length > 0 && wanted.every((word) => name.includes(word));
    });
    if (chosen.length === 0) {
      throw unknownPresident(president, all);
    }
  }
  const theirs = chosen.map((address) => address.year);
  chosen = chosen.filter((address) => address.year >= from && address.year <= to);
  if (chosen.length === 0) {
    const whose = president === undefined ? "" : ` of ${president}`;
    throw new OptionError(
      `There is no address${whose} from ${options.from ?? "the start"} to ${options.to ?? "the end"}; the addresses${whose} are of ${Math.min(...theirs)} to ${Math.max(...theirs)}.`,
    );
  }
  return chosen;
}
