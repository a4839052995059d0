// Parts of an instruction, which threads compute beside each other.
//
// Each number of a result is computed whole by one part, in the order in which a single thread would: results
// are the same to the last bit however many parts there are.
#pragma once
#include "program.h"

namespace karenina {

/** Numbers, rows or columns from `begin` on, `size` of them; none where there are fewer than parts. */
struct Range {
  int64_t begin, size;
};

/** Rows and columns of a matrix. */
struct Block {
  Range rows, columns;
};

/** Borders between parts of rows of numbers: what processors hand to each other at once, 64 bytes. */
constexpr int64_t LINE = 16;

struct Sizes {
  int64_t rows, columns;
};

/** One of `count` parts of like size. */
struct Part {
  int32_t place, count;

  /** What falls to it of `size`, where borders between parts lie at multiples of `unit`. */
  Range of(int64_t size, int64_t unit = 1) const {
    const int64_t units = (size + unit - 1) / unit;
    const auto border = [&](int64_t part) {
      const int64_t at = units * part / count * unit;
      return at < size ? at : size;
    };
    return {border(place), border(place + 1) - border(place)};
  }

  /**
   * What falls to it of a matrix: some of the rows, or of the columns where there are more of those. Of a product
   * each part packs the other factor whole, which is then the smaller one.
   */
  Block of(const Sizes& sizes) const {
    const auto [rows, columns] = sizes;
    if (columns > rows) return {{0, rows}, of(columns, LINE)};
    return {of(rows), {0, columns}};
  }
};

/** A number further on, or null where there is none. */
template <class Number>
static Number* further(Number* numbers, int64_t by) {
  return numbers != nullptr ? numbers + by : nullptr;
}

}  // namespace karenina
