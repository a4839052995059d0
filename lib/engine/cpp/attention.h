// Causal attention of all heads (Vaswani et al. 2017), forward and backward. With Q, K, V [T, d] of a head of a
// sequence, whose step t sees steps 0 ... t:
//
//     P = softmax(Q Kᵀ / √d)    y = P V
//     dV = Pᵀ dy    dS = P (dy Vᵀ - Σ y dy)    dQ = dS K / √d    dK = dSᵀ Q / √d
//
// with the sum over a row's numbers. Rows go through it a block at a time, and a block's products end where its
// last row's sight does. Q and K may be turned by the angles of their places before (Su et al. 2021).
#pragma once
#include "crossEntropy.h"
#include "products.h"

namespace karenina {
namespace VARIANT {

/** Rows of a block. */
constexpr int64_t SEEN_TOGETHER = 32;

static int64_t attentionScratch(int64_t T, int64_t d) {
  const int64_t rows = lesser(SEEN_TOGETHER, T);
  const int64_t backward = greater(productScratch(rows, d, T), productScratch(T, d, rows));
  return 8 * T * d + rows * T + greater(productScratch(rows, T, d), backward);
}

/** Turns the pairs of numbers i and i + d / 2 of each step by its angle, back where `sign` is -1. */
static void turn(const Attention& o, float sign, float* steps) {
  if (o.cosines == nullptr) return;
  const int64_t half = o.d / 2;
  for (int64_t t = 0; t < o.T; t++) {
    float *low = steps + t * o.d, *high = low + half;
    const float *cosines = o.cosines + t * o.d, *sines = o.sines + t * o.d;
    for (int64_t i = 0; i < half; i++) {
      const float a = low[i], b = high[i];
      low[i] = a * cosines[i] - sign * b * sines[i];
      high[i] = b * cosines[i] + sign * a * sines[i];
    }
  }
}

/** The steps of a head from a tensor [T N, width], where each lies `stride` numbers after the one before. */
static void gather(const Attention& o, const float* from, int64_t stride, float scale, float* to) {
  for (int64_t t = 0; t < o.T; t++) {
    for (int64_t i = 0; i < o.d; i++) to[t * o.d + i] = from[t * stride + i] * scale;
  }
}

/** And back. */
static void scatter(const Attention& o, const float* from, float scale, float* to, int64_t stride) {
  for (int64_t t = 0; t < o.T; t++) {
    for (int64_t i = 0; i < o.d; i++) to[t * stride + i] = from[t * o.d + i] * scale;
  }
}

/** Row t of P from its scores with steps 0 ... t. What it does not see gets 0. */
static void softmaxRow(const float* scores, int64_t seen, int64_t T, float* row) {
  const float largest = largestOf(seen, scores);
  Vector sums{};
  overVectors(seen, [&](int64_t s, int64_t count) {
    Vector each = expOf(load(scores + s, count) - largest);
    for (int64_t i = count; i < WIDTH; i++) each[i] = 0.0f;
    store(row + s, each, count);
    sums += each;
  });
  const float inverse = 1.0f / sumOf(sums);
  overVectors(seen, [&](int64_t s, int64_t count) { store(row + s, load(row + s, count) * inverse, count); });
  for (int64_t s = seen; s < T; s++) row[s] = 0.0f;
}

/** What both directions read of a head: Q / √d and K, turned, and V, [T, d] each. */
struct Head {
  float *queries, *keys, *values;
};

static Head headOf(const Attention& o, int64_t n, int64_t head, float* room) {
  const int64_t size = o.T * o.d, D = o.heads * o.d, stride = o.N * 3 * D;
  const float* first = o.qkv + n * 3 * D + head * o.d;
  const Head of = {room, room + size, room + 2 * size};
  gather(o, first, stride, 1.0f / __builtin_sqrtf(static_cast<float>(o.d)), of.queries);
  gather(o, first + D, stride, 1.0f, of.keys);
  gather(o, first + 2 * D, stride, 1.0f, of.values);
  turn(o, 1.0f, of.queries);
  turn(o, 1.0f, of.keys);
  return of;
}

/**
 * qkv [T N, 3 D] to y [T N, D] and the weights P [N, heads, T, T], of the sequences from `begin` to `end`; step t of
 * sequence n is row t N + n.
 */
static void attentionOfSome(const Attention& o, int64_t begin, int64_t end, float* scratch) {
  const int64_t T = o.T, d = o.d, D = o.heads * d;
  float* block = scratch + 8 * T * d;
  float* rest = block + lesser(SEEN_TOGETHER, T) * T;
  for (int64_t n = begin; n < end; n++) {
    for (int64_t head = 0; head < o.heads; head++) {
      const Head of = headOf(o, n, head, scratch);
      float *weights = o.weights + (n * o.heads + head) * T * T, *y = scratch + 3 * T * d;
      for (int64_t t = 0; t < T; t += SEEN_TOGETHER) {
        const int64_t rows = lesser(SEEN_TOGETHER, T - t), seen = t + rows;
        product(rows, seen, d, {of.queries + t * d, d, 1}, {of.keys, 1, d}, block, false, rest);
        for (int64_t r = 0; r < rows; r++) {
          softmaxRow(block + r * seen, t + r + 1, T, weights + (t + r) * T);
        }
        product(rows, d, seen, {weights + t * T, T, 1}, {of.values, d, 1}, y + t * d, false, rest);
      }
      scatter(o, y, 1.0f, o.y + n * D + head * d, o.N * D);
    }
  }
}

static void attentionForward(const Attention& o, float* scratch) { attentionOfSome(o, 0, o.N, scratch); }

/** From dy [T N, D] to the gradient by qkv, [T N, 3 D], of some sequences. */
static void attentionSlopesOfSome(const Attention& o, const AttentionGradients& by, int64_t begin, int64_t end,
                                  float* scratch) {
  const int64_t T = o.T, d = o.d, D = o.heads * d, size = T * d;
  float *dy = scratch + 3 * size, *y = dy + size, *dq = y + size, *dk = dq + size, *dv = dk + size;
  float* block = scratch + 8 * size;
  float* rest = block + lesser(SEEN_TOGETHER, T) * T;
  for (int64_t n = begin; n < end; n++) {
    for (int64_t head = 0; head < o.heads; head++) {
      const Head of = headOf(o, n, head, scratch);
      const float* weights = o.weights + (n * o.heads + head) * T * T;
      const int64_t place = n * D + head * d;
      gather(o, by.dy + place, o.N * D, 1.0f, dy);
      gather(o, o.y + place, o.N * D, 1.0f, y);
      for (int64_t k = 0; k < 2 * size; k++) dk[k] = 0.0f;
      for (int64_t t = 0; t < T; t += SEEN_TOGETHER) {
        const int64_t rows = lesser(SEEN_TOGETHER, T - t), seen = t + rows;
        product(rows, seen, d, {dy + t * d, d, 1}, {of.values, 1, d}, block, false, rest);
        for (int64_t r = 0; r < rows; r++) {
          float sum = 0.0f;
          for (int64_t i = 0; i < d; i++) sum += y[(t + r) * d + i] * dy[(t + r) * d + i];
          float* row = block + r * seen;
          const float* of = weights + (t + r) * T;
          overVectors(seen, [&](int64_t s, int64_t count) {
            store(row + s, load(of + s, count) * (load(row + s, count) - sum), count);
          });
        }
        product(rows, d, seen, {block, seen, 1}, {of.keys, d, 1}, dq + t * d, false, rest);
        product(seen, d, rows, {block, 1, seen}, {of.queries + t * d, d, 1}, dk, true, rest);
        product(seen, d, rows, {weights + t * T, 1, T}, {dy + t * d, d, 1}, dv, true, rest);
      }
      turn(o, -1.0f, dq);
      turn(o, -1.0f, dk);
      const int64_t stride = o.N * 3 * D;
      float* first = by.qkv + n * 3 * D + head * d;
      scatter(o, dq, 1.0f / __builtin_sqrtf(static_cast<float>(d)), first, stride);
      scatter(o, dk, 1.0f, first + D, stride);
      scatter(o, dv, 1.0f, first + 2 * D, stride);
    }
  }
}

static void attentionBackward(const Attention& o, const AttentionGradients& by, float* scratch) {
  attentionSlopesOfSome(o, by, 0, o.N, scratch);
}

}  // namespace VARIANT
}  // namespace karenina
