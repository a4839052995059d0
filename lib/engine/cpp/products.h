// Products of matrices on one thread.
//
// After Goto & van de Geijn, "Anatomy of high-performance matrix multiplication" (2008): the second factor
// lies in panels as wide as a tile, of as many rows as stay in the innermost cache, the first in blocks that
// stay in the second cache; the sums of a tile of the result stay in registers.
#pragma once
#include "vectors.h"

namespace karenina {
namespace VARIANT {

/** Columns of a tile and of a panel. */
constexpr int64_t PANEL = 2 * WIDTH;
/** Rows of a panel: with 32 columns of 4 bytes 32 kB. */
constexpr int64_t DEPTH = 256;
/** Rows of the first factor in a block: with a panel's depth at most 240 kB. */
constexpr int64_t BLOCK = 20 * TILE_ROWS;

/**
 * Whether blocks of the first factor are packed although their rows lie in a row. It takes AVX2 from 50 to 70
 * GFLOP/s to 100; with the taller tiles of AVX-512 there are fewer loads, and packing costs what it saves.
 */
constexpr bool PACKS_ROWS = WIDTH < 16;

/** Called from many places: otherwise the WebAssembly module would be a tenth larger, and nothing faster. */
#define OUT_OF_LINE __attribute__((noinline))

/** Whether half a panel is worth code of its own: of 100 columns it saves one vector in eight. */
constexpr bool HALVES = WIDTH == 16;

/** A matrix whose number (i, j) lies at i rowStride + j columnStride; one of the strides is 1. */
struct Matrix {
  const float* numbers;
  int64_t rowStride, columnStride;

  const float* at(int64_t i, int64_t j) const { return numbers + i * rowStride + j * columnStride; }
};

/** How many numbers a matrix [K, N] takes when it is packed. */
static inline int64_t packedSize(int64_t K, int64_t N) { return K * ((N + PANEL - 1) / PANEL) * PANEL; }

/** A panel [depth, width] of a matrix, filled up with zeros to PANEL columns. */
static void packPanel(const Matrix& from, int64_t depth, int64_t width, float* packed) {
  int64_t k = 0;
  if (width == PANEL && from.columnStride == 1) {
    for (; k < depth; k++) {
      store(packed + k * PANEL, load(from.at(k, 0)));
      store(packed + k * PANEL + WIDTH, load(from.at(k, WIDTH)));
    }
  } else if (width == PANEL && from.rowStride == 1) {
    for (; k + 4 <= depth; k += 4) {
      for (int64_t n = 0; n < PANEL; n += 4) {
        transposeFour(from.at(k, n), from.columnStride, packed + k * PANEL + n, PANEL);
      }
    }
  }
  for (; k < depth; k++) {
    for (int64_t n = 0; n < PANEL; n++) packed[k * PANEL + n] = n < width ? *from.at(k, n) : 0.0f;
  }
}

/** Packs a matrix [K, N]. */
OUT_OF_LINE static void pack(const Matrix& matrix, int64_t K, int64_t N, float* packed) {
  for (int64_t k = 0; k < K; k += DEPTH) {
    const int64_t depth = lesser(DEPTH, K - k);
    for (int64_t n = 0; n < N; n += PANEL, packed += depth * PANEL) {
      packPanel({matrix.at(k, n), matrix.rowStride, matrix.columnStride}, depth,
                lesser(PANEL, N - n), packed);
    }
  }
}

/**
 * Where a block's tiles begin. They are of like heights: of 13 rows 7 and 6, since a tile of a single row
 * would take nearly as long as one of many.
 */
struct Tiles {
  int64_t rows, count;

  explicit Tiles(int64_t rows) : rows(rows), count((rows + TILE_ROWS - 1) / TILE_ROWS) {}
  int64_t begin(int64_t tile) const { return rows * tile / count; }
};

/** How many numbers a block takes when it is packed. */
static inline int64_t packedBlockSize(int64_t rows, int64_t depth) {
  return Tiles(lesser(BLOCK, rows)).count * TILE_ROWS * depth;
}

/** Packs a block [rows, depth] of the first factor: of tile after tile, the rows' numbers step by step. */
OUT_OF_LINE static void packBlock(const Matrix& from, int64_t rows, int64_t depth, float* packed) {
  const Tiles tiles(rows);
  for (int64_t t = 0; t < tiles.count; t++, packed += depth * TILE_ROWS) {
    const int64_t row = tiles.begin(t), height = tiles.begin(t + 1) - row;
    int64_t k = 0;
    if (height >= 4 && from.columnStride == 1) {
      for (; k + 4 <= depth; k += 4) {
        for (int64_t r = 0; r < height; r += 4) {
          // The last four rows, where those of a tile do not come in fours.
          const int64_t four = lesser(r, height - 4);
          transposeFour(from.at(row + four, k), from.rowStride, packed + k * TILE_ROWS + four, TILE_ROWS);
        }
      }
    } else if (height == TILE_ROWS && from.rowStride == 1) {
      for (; k < depth; k++) {
        for (int64_t r = 0; r < TILE_ROWS; r++) packed[k * TILE_ROWS + r] = from.at(row, k)[r];
      }
    }
    for (; k < depth; k++) {
      for (int64_t r = 0; r < height; r++) packed[k * TILE_ROWS + r] = *from.at(row + r, k);
    }
  }
}

/** Where a tile's part of the result lies, and whether it is added to what is there. */
struct Place {
  float* numbers;
  int64_t stride, columns;
  bool adds;
};

/**
 * One tile: ROWS rows of the first factor times a panel. The factor of row i in step k lies at i rowStride + k,
 * or in a packed tile at i + k TILE_ROWS.
 */
template <int ROWS, bool PACKED>
static inline void tile(int64_t depth, const float* a, int64_t rowStride, const float* panel,
                        const Place& place) {
  Vector sums[ROWS][2];
#pragma GCC unroll 16
  for (int i = 0; i < ROWS; i++) sums[i][0] = sums[i][1] = Vector{};
  for (int64_t k = 0; k < depth; k++, a += PACKED ? TILE_ROWS : 1, panel += PANEL) {
    const Vector left = load(panel), right = load(panel + WIDTH);
#pragma GCC unroll 16
    for (int i = 0; i < ROWS; i++) {
      const float factor = a[PACKED ? i : i * rowStride];
      sums[i][0] = plusProduct(sums[i][0], factor, left);
      sums[i][1] = plusProduct(sums[i][1], factor, right);
    }
  }
  const int64_t first = lesser(WIDTH, place.columns), rest = place.columns - first;
#pragma GCC unroll 16
  for (int i = 0; i < ROWS; i++) {
    float* row = place.numbers + i * place.stride;
    if (place.adds) sums[i][0] += load(row, first);
    store(row, sums[i][0], first);
    if (rest > 0) {
      if (place.adds) sums[i][1] += load(row + WIDTH, rest);
      store(row + WIDTH, sums[i][1], rest);
    }
  }
}

/** The same for a panel of which no more than half is columns of the matrix. */
template <int ROWS, bool PACKED>
static inline void halfTile(int64_t depth, const float* a, int64_t rowStride, const float* panel,
                            const Place& place) {
  Vector sums[ROWS];
#pragma GCC unroll 16
  for (int i = 0; i < ROWS; i++) sums[i] = Vector{};
  for (int64_t k = 0; k < depth; k++, a += PACKED ? TILE_ROWS : 1, panel += PANEL) {
    const Vector left = load(panel);
#pragma GCC unroll 16
    for (int i = 0; i < ROWS; i++) sums[i] = plusProduct(sums[i], a[PACKED ? i : i * rowStride], left);
  }
#pragma GCC unroll 16
  for (int i = 0; i < ROWS; i++) {
    float* row = place.numbers + i * place.stride;
    if (place.adds) sums[i] += load(row, place.columns);
    store(row, sums[i], place.columns);
  }
}

template <int MOST, bool PACKED>
static inline void tileOf(int64_t rows, int64_t depth, const float* a, int64_t rowStride,
                          const float* panel, const Place& place) {
  if (rows == MOST) {
    if (HALVES && place.columns <= WIDTH) {
      halfTile<MOST, PACKED>(depth, a, rowStride, panel, place);
    } else {
      tile<MOST, PACKED>(depth, a, rowStride, panel, place);
    }
  } else if constexpr (MOST > 1) {
    tileOf<MOST - 1, PACKED>(rows, depth, a, rowStride, panel, place);
  }
}

/** C [rows, N] of a block of the first factor over one depth, for a packed second factor; rows of C by their stride. */
static void productOfBlock(int64_t rows, int64_t N, int64_t depth, const Matrix& a, const float* packed,
                           float* c, int64_t stride, bool adds, float* scratch) {
  const bool packs = PACKS_ROWS || a.columnStride != 1;
  if (packs) packBlock(a, rows, depth, scratch);
  const Tiles tiles(rows);
  for (int64_t n = 0; n < N; n += PANEL, packed += depth * PANEL) {
    for (int64_t t = 0; t < tiles.count; t++) {
      const int64_t row = tiles.begin(t), height = tiles.begin(t + 1) - row;
      const Place place = {c + row * stride + n, stride, lesser(PANEL, N - n), adds};
      if (packs) {
        tileOf<TILE_ROWS, true>(height, depth, scratch + t * depth * TILE_ROWS, 0, packed, place);
      } else {
        tileOf<TILE_ROWS, false>(height, depth, a.at(row, 0), a.rowStride, packed, place);
      }
    }
  }
}

/** How many numbers addProduct wants to work with. */
static inline int64_t addProductScratch(int64_t M, int64_t K) {
  return packedBlockSize(M, lesser(DEPTH, K));
}

/** C [M, N] += A [M, K] B for a packed B [K, N]; rows of C lie next to each other. */
static void addProduct(int64_t M, int64_t N, int64_t K, const Matrix& a, const float* packed, float* c,
                       float* scratch) {
  for (int64_t k = 0; k < K; k += DEPTH) {
    const int64_t depth = lesser(DEPTH, K - k);
    for (int64_t m = 0; m < M; m += BLOCK) {
      const int64_t rows = lesser(BLOCK, M - m);
      const Matrix block = {a.at(m, k), a.rowStride, a.columnStride};
      productOfBlock(rows, N, depth, block, packed, c + m * N, N, true, scratch);
    }
    packed += packedSize(depth, N);
  }
}

/** How many numbers a product [M, K] times [K, N] wants to work with. */
static int64_t productScratch(int64_t M, int64_t N, int64_t K) {
  const int64_t depth = lesser(DEPTH, K);
  return packedSize(depth, N) + packedBlockSize(M, depth);
}

/** C [M, N] = A [M, K] B [K, N], or added to what C holds; its rows lie `stride` numbers from each other. */
OUT_OF_LINE static void productInRows(int64_t M, int64_t N, int64_t K, const Matrix& a, const Matrix& b,
                                      float* c, int64_t stride, bool adds, float* scratch) {
  float* packedBlock = scratch + packedSize(lesser(DEPTH, K), N);
  for (int64_t k = 0; k < K; k += DEPTH) {
    const int64_t depth = lesser(DEPTH, K - k);
    pack({b.at(k, 0), b.rowStride, b.columnStride}, depth, N, scratch);
    for (int64_t m = 0; m < M; m += BLOCK) {
      const int64_t rows = lesser(BLOCK, M - m);
      const Matrix block = {a.at(m, k), a.rowStride, a.columnStride};
      productOfBlock(rows, N, depth, block, scratch, c + m * stride, stride, adds || k > 0, packedBlock);
    }
  }
  if (K > 0 || adds) return;
  for (int64_t m = 0; m < M; m++) {
    for (int64_t n = 0; n < N; n++) c[m * stride + n] = 0.0f;
  }
}

/** The same where rows of C lie next to each other. */
static void product(int64_t M, int64_t N, int64_t K, const Matrix& a, const Matrix& b, float* c, bool adds,
                    float* scratch) {
  productInRows(M, N, K, a, b, c, N, adds, scratch);
}

}  // namespace VARIANT
}  // namespace karenina
