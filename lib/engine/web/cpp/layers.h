// What layers compute besides products and recurrences.
#pragma once
#include "dense.h"
#include "program.h"

namespace karenina {
namespace VARIANT {

static void fill(const Fill& o) {
  for (int64_t r = 0; r < o.rows; r++) {
    float* to = o.to + r * o.width;
    for (int64_t k = 0; k < o.width; k++) to[k] = o.row != nullptr ? o.row[k] : 0.0f;
  }
}

static void lookUp(const LookUp& o) {
  for (int64_t r = 0; r < o.rows; r++) {
    const float* from = o.table + int64_t{o.indices[r]} * o.width;
    for (int64_t k = 0; k < o.width; k++) o.to[r * o.width + k] = from[k];
  }
}

static void sumByIndex(const SumByIndex& o) {
  fill({nullptr, o.V, o.width, o.to});
  for (int64_t r = 0; r < o.rows; r++) {
    float* to = o.to + int64_t{o.indices[r]} * o.width;
    const float* from = o.from + r * o.width;
    for (int64_t k = 0; k < o.width; k++) to[k] += from[k];
  }
}

static void sumRows(const SumRows& o) {
  fill({nullptr, 1, o.width, o.to});
  for (int64_t r = 0; r < o.rows; r++) {
    const float* from = o.from + r * o.width;
    for (int64_t k = 0; k < o.width; k++) o.to[k] += from[k];
  }
}

static void activationSlope(const ActivationSlope& o) {
  overVectors(o.size, [&](int64_t k, int64_t count) {
    const Vector y = load(o.values + k, count), dy = load(o.slopes + k, count), none = {};
    const Vector by[ACTIVATIONS] = {dy, y > none ? dy : none, dy * y * (1.0f - y), dy * (1.0f - y * y)};
    store(o.slopes + k, by[o.activation], count);
  });
}

/**
 * Each 64 random bits decide four numbers. The generator is SplitMix64 (Steele, Lea & Flood 2014), begun by
 * two seeds.
 */
static void dropout(const Dropout& o) {
  uint64_t state = uint64_t{o.seeds[0]} << 32 | o.seeds[1];
  for (int64_t k = 0; k < o.size; k += 4) {
    state += 0x9e3779b97f4a7c15;
    uint64_t bits = (state ^ state >> 30) * 0xbf58476d1ce4e5b9;
    bits = (bits ^ bits >> 27) * 0x94d049bb133111eb;
    bits ^= bits >> 31;
    for (int64_t i = k; i < k + 4 && i < o.size; i++, bits >>= 16) {
      o.mask[i] = static_cast<int32_t>(bits & 0xffff) < o.dropped ? 0.0f : o.scale;
      o.to[i] = o.from[i] * o.mask[i];
    }
  }
}

static void columns(const Columns& o) {
  for (int64_t r = 0; r < o.rows; r++) {
    for (int64_t k = 0; k < o.width; k++) o.to[r * o.toWidth + k] = o.from[r * o.width + k];
  }
}

static void multiply(const Pairwise& o) {
  for (int64_t k = 0; k < o.size; k++) o.numbers[k] *= o.others[k];
}

static void add(const Pairwise& o) {
  for (int64_t k = 0; k < o.size; k++) o.numbers[k] += o.others[k];
}

}  // namespace VARIANT
}  // namespace karenina
