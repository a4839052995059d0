// What layers compute besides products and recurrences.
#pragma once
#include "dense.h"
#include "maskNumbers.h"
#include "parts.h"

namespace karenina {
namespace VARIANT {

static void fill(const Fill& o, const Part& part) {
  const auto [begin, rows] = part.of(o.rows);
  for (int64_t r = begin; r < begin + rows; r++) {
    float* to = o.to + r * o.width;
    for (int64_t k = 0; k < o.width; k++) to[k] = o.row != nullptr ? o.row[k] : 0.0f;
  }
}

static void lookUp(const LookUp& o, const Part& part) {
  const auto [begin, rows] = part.of(o.rows);
  for (int64_t r = begin; r < begin + rows; r++) {
    const float* from = o.table + int64_t{o.indices[r]} * o.width;
    for (int64_t k = 0; k < o.width; k++) o.to[r * o.width + k] = from[k];
  }
}

/** Some of the columns of all rows. */
static void sumByIndex(const SumByIndex& o, const Part& part) {
  const auto [begin, columns] = part.of(o.width, LINE);
  for (int64_t v = 0; v < o.V; v++) {
    float* to = o.to + v * o.width + begin;
    for (int64_t k = 0; k < columns; k++) to[k] = 0.0f;
  }
  for (int64_t r = 0; r < o.rows; r++) {
    float* to = o.to + int64_t{o.indices[r]} * o.width + begin;
    const float* from = o.from + r * o.width + begin;
    for (int64_t k = 0; k < columns; k++) to[k] += from[k];
  }
}

/** As sumByIndex. */
static void sumRows(const SumRows& o, const Part& part) {
  const auto [begin, columns] = part.of(o.width, LINE);
  float* to = o.to + begin;
  for (int64_t k = 0; k < columns; k++) to[k] = 0.0f;
  for (int64_t r = 0; r < o.rows; r++) {
    const float* from = o.from + r * o.width + begin;
    for (int64_t k = 0; k < columns; k++) to[k] += from[k];
  }
}

static void activationSlope(const ActivationSlope& o, const Part& part) {
  const auto [begin, size] = part.of(o.size, LINE);
  const float* values = o.values + begin;
  float* slopes = o.slopes + begin;
  overVectors(size, [&](int64_t k, int64_t count) {
    const Vector y = load(values + k, count), dy = load(slopes + k, count), none = {};
    const Vector by[ACTIVATIONS] = {dy, y > none ? dy : none, dy * y * (1.0f - y), dy * (1.0f - y * y)};
    store(slopes + k, by[o.activation], count);
  });
}

static void dropout(const Dropout& o, const Part& part) {
  const auto [begin, size] = part.of(o.size, LINE);
  const MaskNumbers numbers(o.seeds[0], o.seeds[1]);
  for (int64_t k = begin; k < begin + size; k += MaskNumbers::COUNT) {
    const auto block = numbers.block(k / MaskNumbers::COUNT);
    for (int64_t i = k; i < k + MaskNumbers::COUNT && i < begin + size; i++) {
      o.mask[i] = block.at(i - k) < o.dropped ? 0.0f : o.scale;
      o.to[i] = o.from[i] * o.mask[i];
    }
  }
}

/** Some of the rows of C, or of its columns. */
static void product(const Product& o, const Part& part, float* scratch) {
  const auto [rows, columns] = part.of(Sizes{o.M, o.N});
  if (rows.size == 0 || columns.size == 0) return;
  const Matrix a = {o.a + rows.begin * o.aRow, o.aRow, o.aColumn};
  const Matrix b = {o.b + columns.begin * o.bColumn, o.bRow, o.bColumn};
  float* c = o.c + rows.begin * o.N + columns.begin;
  productInRows(rows.size, columns.size, o.K, a, b, c, o.N, o.adds != 0, scratch);
}

static void dense(const Dense& o, const Part& part, float* scratch) {
  product({o.M, o.N, o.K, o.x, o.K, 1, o.kernel, o.N, 1, o.y, 0}, part, scratch);
  const auto [rows, columns] = part.of(Sizes{o.M, o.N});
  float* y = o.y + rows.begin * o.N + columns.begin;
  activate(rows.size, columns.size, o.N, further(o.bias, columns.begin), o.activation, y);
}

static void columns(const Columns& o, const Part& part) {
  const auto [rows, some] = part.of(Sizes{o.rows, o.width});
  for (int64_t r = rows.begin; r < rows.begin + rows.size; r++) {
    for (int64_t k = some.begin; k < some.begin + some.size; k++) {
      o.to[r * o.toWidth + k] = o.from[r * o.width + k];
    }
  }
}

static void multiply(const Pairwise& o, const Part& part) {
  const auto [begin, size] = part.of(o.size, LINE);
  for (int64_t k = begin; k < begin + size; k++) o.numbers[k] *= o.others[k];
}

static void add(const Pairwise& o, const Part& part) {
  const auto [begin, size] = part.of(o.size, LINE);
  for (int64_t k = begin; k < begin + size; k++) o.numbers[k] += o.others[k];
}

}  // namespace VARIANT
}  // namespace karenina
