import type { MappedPlace, SourceMapReader } from "../../session/host";

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * Reads a source map of one source, as the compiler writes them. The format:
 * https://tc39.es/ecma426/#sec-mappings
 */
export function readSourceMap(json: string): SourceMapReader {
  const places = placesOf((JSON.parse(json) as { mappings: string }).mappings);
  return {
    find(line, column) {
      let [low, high] = [0, places.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        const { generatedLine, generatedColumn } = places[middle];
        if (generatedLine < line || (generatedLine === line && generatedColumn <= column)) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return places[low - 1];
    },
  };
}

/** The mapped places, in the order of the generated code. */
function placesOf(mappings: string): MappedPlace[] {
  const places: MappedPlace[] = [];
  let [originalLine, originalColumn] = [0, 0];
  for (const [generatedLine, line] of mappings.split(";").entries()) {
    let generatedColumn = 0;
    for (const segment of line === "" ? [] : line.split(",")) {
      const [column, , lines, columns] = numbersOf(segment);
      generatedColumn += column;
      if (lines !== undefined && columns !== undefined) {
        originalLine += lines;
        originalColumn += columns;
        places.push({ generatedLine, generatedColumn, originalLine, originalColumn });
      }
    }
  }
  return places;
}

/** Numbers of five bits a digit, the lowest first; the lowest bit of each is its sign. */
function numbersOf(segment: string): number[] {
  const numbers: number[] = [];
  let [value, shift] = [0, 0];
  for (const character of segment) {
    const digit = DIGITS.indexOf(character);
    value += (digit & 31) << shift;
    if (digit & 32) {
      shift += 5;
    } else {
      numbers.push(value & 1 ? -(value >> 1) : value >> 1);
      [value, shift] = [0, 0];
    }
  }
  return numbers;
}
