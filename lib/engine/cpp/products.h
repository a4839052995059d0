// Products with a matrix that is packed once and used many times, on one thread.
//
// After Goto & van de Geijn, "Anatomy of high-performance matrix multiplication" (2008): the second factor
// lies in panels as wide as a tile, of as many rows as stay in the innermost cache; the sums of a tile of
// the result stay in registers. The first factor is read where it is.
#pragma once
#include "vectors.h"

namespace karenina {
namespace VARIANT {

/** Columns of a tile and of a panel. */
constexpr int64_t PANEL = 2 * WIDTH;
/** Rows of a panel: with 32 columns of 4 bytes 32 kB. */
constexpr int64_t DEPTH = 256;

/** How many numbers a matrix [K, N] takes when it is packed. */
static inline int64_t packedSize(int64_t K, int64_t N) { return K * ((N + PANEL - 1) / PANEL) * PANEL; }

/** Packs the matrix [K, N] whose number (k, n) lies at k rowStride + n columnStride. */
static void pack(const float* matrix, int64_t rowStride, int64_t columnStride, int64_t K, int64_t N,
                 float* packed) {
  for (int64_t k0 = 0; k0 < K; k0 += DEPTH) {
    const int64_t depth = lesser(DEPTH, K - k0);
    for (int64_t n0 = 0; n0 < N; n0 += PANEL) {
      const int64_t width = lesser(PANEL, N - n0);
      for (int64_t k = 0; k < depth; k++, packed += PANEL) {
        const float* row = matrix + (k0 + k) * rowStride + n0 * columnStride;
        for (int64_t n = 0; n < PANEL; n++) packed[n] = n < width ? row[n * columnStride] : 0.0f;
      }
    }
  }
}

/** One tile: ROWS rows of a, whose beginnings are aStride apart, times a panel, added to c. */
template <int ROWS>
static inline void tile(int64_t depth, const float* a, int64_t aStride, const float* panel, float* c,
                        int64_t cStride, int64_t columns) {
  Vector sums[ROWS][2];
#pragma GCC unroll 16
  for (int i = 0; i < ROWS; i++) sums[i][0] = sums[i][1] = Vector{};
  for (int64_t k = 0; k < depth; k++, panel += PANEL) {
    const Vector left = load(panel), right = load(panel + WIDTH);
#pragma GCC unroll 16
    for (int i = 0; i < ROWS; i++) {
      const float factor = a[i * aStride + k];
      sums[i][0] += factor * left;
      sums[i][1] += factor * right;
    }
  }
  const int64_t rest = columns - WIDTH;
#pragma GCC unroll 16
  for (int i = 0; i < ROWS; i++) {
    float* row = c + i * cStride;
    store(row, load(row, columns) + sums[i][0], columns);
    if (rest > 0) store(row + WIDTH, load(row + WIDTH, rest) + sums[i][1], rest);
  }
}

template <int MOST>
static inline void tileOf(int64_t rows, int64_t depth, const float* a, int64_t aStride,
                          const float* panel, float* c, int64_t cStride, int64_t columns) {
  if (rows == MOST) {
    tile<MOST>(depth, a, aStride, panel, c, cStride, columns);
  } else if constexpr (MOST > 1) {
    tileOf<MOST - 1>(rows, depth, a, aStride, panel, c, cStride, columns);
  }
}

/** C [M, N] += A [M, K] B for a packed B [K, N]; rows of A and C lie next to each other. */
static void addProduct(int64_t M, int64_t N, int64_t K, const float* a, const float* packed, float* c) {
  const int64_t tiles = (M + TILE_ROWS - 1) / TILE_ROWS;
  for (int64_t k0 = 0; k0 < K; k0 += DEPTH) {
    const int64_t depth = lesser(DEPTH, K - k0);
    for (int64_t n0 = 0; n0 < N; n0 += PANEL, packed += depth * PANEL) {
      const int64_t columns = lesser(PANEL, N - n0);
      for (int64_t t = 0; t < tiles; t++) {
        // Tiles of like heights: of 13 rows 7 and 6, since one of a single row would take nearly as long.
        const int64_t row = M * t / tiles, rows = M * (t + 1) / tiles - row;
        tileOf<TILE_ROWS>(rows, depth, a + row * K + k0, K, packed, c + row * N + n0, N, columns);
      }
    }
  }
}

}  // namespace VARIANT
}  // namespace karenina
