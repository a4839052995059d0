// Recurrent layers on some rows of the batch: what a row becomes depends on no other, in all steps of time.
#pragma once
#include "gru.h"
#include "lstm.h"
#include "parts.h"
#include "simpleRnn.h"

namespace karenina {
namespace VARIANT {

static void lstm(const Lstm& o, bool backward, const Part& part, float* scratch) {
  const auto [begin, rows] = part.of(o.N);
  if (rows == 0) return;
  const int64_t state = begin * o.H;
  const SequenceSizes sizes = {o.T, rows, o.H, o.N};
  const LstmInputs inputs = {o.h0 + state, o.c0 + state, o.recurrentKernel, o.bias};
  const LstmSteps steps = {o.h + state, o.c + state, o.tanhC + state, o.gates + 4 * state};
  if (!backward) return lstmForward(sizes, inputs, steps, scratch);
  const float *sequence = further(o.sequence, state), *final = further(o.final, state);
  lstmBackward(sizes, inputs, steps, {sequence, final, steps.gates, nullptr}, scratch);
}

/** A layer on some of its rows. What only one kind of layer has of each row is left where it was. */
template <class Layer>
static Layer onRows(const Layer& o, const Range& rows) {
  const int64_t state = rows.begin * o.H;
  Layer some = o;
  some.N = static_cast<int32_t>(rows.size);
  some.apart = o.N;
  some.h0 += state;
  some.h += state;
  some.final = further(o.final, state);
  return some;
}

static void simpleRnn(const SimpleRnn& o, bool backward, const Part& part, float* scratch) {
  const Range rows = part.of(o.N);
  if (rows.size == 0) return;
  SimpleRnn some = onRows(o, rows);
  some.slopes = further(o.slopes, rows.begin * o.H);
  (backward ? simpleRnnBackward : simpleRnnForward)(some, scratch);
}

static void gru(const Gru& o, bool backward, const Part& part, float* scratch) {
  const Range rows = part.of(o.N);
  if (rows.size == 0) return;
  const int64_t state = rows.begin * o.H;
  Gru some = onRows(o, rows);
  some.gates += 3 * state;
  some.inner += state;
  some.slopes = further(o.slopes, 3 * state);
  some.sequence = further(o.sequence, state);
  (backward ? gruBackward : gruForward)(some, scratch);
}

}  // namespace VARIANT
}  // namespace karenina
