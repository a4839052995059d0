import { closest } from "fastest-levenshtein";
import { DataError, textOf } from "../text/dataError";
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

function unknownPresident(wanted: string, addresses: Address[]): DataError {
  const names = [...new Set(addresses.map((address) => address.president))];
  const byLastName = new Map(names.map((name) => [words(name).at(-1)!, name]));
  const last = closest(words(wanted).at(-1) ?? "", [...byLastName.keys()]);
  return new DataError(
    "bad-option",
    `No president's name has "${wanted}" in it. Did you mean "${byLastName.get(last)}"? The names are: ${names.join(", ")}.`,
  );
}

function checkYear(option: string, year: number | undefined): void {
  if (year === undefined || Number.isInteger(year)) {
    return;
  }
  throw new DataError(
    "bad-option",
    `The option ${option} is ${year}; it must be a whole year such as 2017.`,
  );
}

/**
 * Loads State of the Union addresses, by year.
 *
 * @example
 * const speeches = await loadAddresses({ president: "Trump" });
 *
 * @throws {DataError} `bad-option` for a name that no president has or years without an address;
 *   else where the data set cannot be had.
 */
export async function loadAddresses(options: AddressesOptions = {}): Promise<Address[]> {
  const { president, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = options;
  checkYear("from", options.from);
  checkYear("to", options.to);
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
  const years = chosen.map((address) => address.year);
  chosen = chosen.filter((address) => address.year >= from && address.year <= to);
  if (chosen.length === 0) {
    const whose = president === undefined ? "" : ` of ${president}`;
    throw new DataError(
      "bad-option",
      `There is no address${whose} from ${options.from ?? "the start"} to ${options.to ?? "the end"}; the addresses${whose} are of ${Math.min(...years)} to ${Math.max(...years)}.`,
    );
  }
  return chosen;
}
