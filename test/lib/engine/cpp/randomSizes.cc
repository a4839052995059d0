// Calls the kernels of one instruction set, VARIANT, with random sizes and with arrays of no more room than
// they need, so that a sanitizer sees every number that is read or written beside one. Without TensorFlow.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <vector>

#include "kernels.h"
#include "stepper.h"

namespace karenina {
namespace VARIANT {
extern const Kernels table;
}

/** Beside variants.cc, which would choose: those of this program. */
const Kernels& kernels() { return VARIANT::table; }
}  // namespace karenina

namespace {

const karenina::Kernels& kernels = karenina::VARIANT::table;
std::mt19937 generator(1);

int64_t upTo(int64_t most) { return 1 + static_cast<int64_t>(generator() % static_cast<uint64_t>(most)); }

/** An array of its own, with numbers between -2 and 2. */
struct Numbers {
  std::unique_ptr<float[]> all;

  explicit Numbers(int64_t size) : all(new float[static_cast<size_t>(size)]) {
    for (int64_t i = 0; i < size; i++) all[i] = static_cast<float>(generator() % 4000) / 1000 - 2;
  }
  operator float*() const { return all.get(); }
};

float* orNone(bool given, const Numbers& numbers) { return given ? numbers.all.get() : nullptr; }

bool coin() { return generator() % 2 == 0; }

void products() {
  const int64_t most = generator() % 8 == 0 ? 600 : 70;
  const int64_t M = upTo(most), N = upTo(70), K = upTo(most);
  const karenina::ProductSizes sizes = {M, N, K};
  const Numbers a(M * K), b(K * N), bias(N), c(M * N), scratch(kernels.productScratch(M, N, K));
  kernels.denseForward(sizes, a, b, orNone(coin(), bias),
                       static_cast<int64_t>(generator() % karenina::ACTIVATIONS), c, scratch);
  kernels.productByTransposed(sizes, a, b, c, scratch);
  const int64_t width = M + upTo(5) - 1, begin = width - M;
  const Numbers x(K * width);
  kernels.productOfTransposed(sizes, x + begin, width, b, c, coin(), scratch);
  kernels.sumOfSquares(M * N, c);
}

void crossEntropy() {
  const int64_t rows = upTo(20), V = upTo(80);
  const bool eachItsOwn = coin();
  const Numbers logits(rows * V), shares(eachItsOwn ? rows : 1), slopes(rows * V);
  std::unique_ptr<int32_t[]> classes(new int32_t[static_cast<size_t>(rows)]);
  for (int64_t r = 0; r < rows; r++) classes[r] = static_cast<int32_t>(upTo(V) - 1);
  if (generator() % 4 == 0) logits[upTo(rows * V) - 1] = 3e38f;
  if (generator() % 4 == 0) logits[upTo(rows * V) - 1] = -__builtin_inff();
  if (generator() % 4 == 0) logits[upTo(rows * V) - 1] = __builtin_nanf("");
  kernels.crossEntropy(rows, V, logits, classes.get(), shares, eachItsOwn, slopes);
}

/** How many rows lie from step to step: those of a batch, or more where N are a part of it. */
int64_t apartFor(int64_t N) { return coin() ? N : N + upTo(5); }

void lstm() {
  const int64_t T = upTo(6), N = upTo(20), H = generator() % 8 == 0 ? upTo(300) : upTo(40), all = apartFor(N);
  const karenina::SequenceSizes sizes = {T, N, H, all};
  const Numbers h0(N * H), c0(N * H), recurrent(4 * H * H), bias(4 * H);
  const Numbers h(T * all * H), c(T * all * H), tanhC(T * all * H), gates(4 * T * all * H);
  const Numbers scratch(kernels.lstmScratch(sizes)), above(T * all * H), last(N * H);
  const Numbers dz(4 * T * all * H), byBias(4 * H);
  const karenina::LstmInputs inputs = {h0, c0, recurrent, bias};
  const karenina::LstmSteps steps = {h, c, tanhC, gates};
  kernels.lstmForward(sizes, inputs, steps, scratch);
  const bool hasSequence = coin();
  kernels.lstmBackward(sizes, inputs, steps,
                       {orNone(hasSequence, above), orNone(!hasSequence, last), dz, orNone(coin(), byBias)},
                       scratch);
}

int32_t as32(int64_t size) { return static_cast<int32_t>(size); }

void gru() {
  const int64_t T = upTo(6), N = upTo(20), H = generator() % 8 == 0 ? upTo(300) : upTo(40);
  const int64_t all = apartFor(N);
  const bool resetAfter = coin(), hasSequence = coin();
  const Numbers h0(N * H), recurrent(3 * H * H), bias(resetAfter ? 6 * H : 3 * H);
  const Numbers gates(3 * T * all * H), h(T * all * H), inner(T * all * H), scratch(kernels.gruScratch(N, H));
  const Numbers above(T * all * H), last(N * H), byBias(resetAfter ? 6 * H : 3 * H);
  const Numbers slopes(resetAfter ? 3 * T * all * H : 1);
  const karenina::Gru of = {as32(T), as32(N), as32(H), resetAfter, h0, recurrent, bias, gates, h, inner,
                            resetAfter ? slopes : gates, orNone(hasSequence, above),
                            orNone(!hasSequence, last), orNone(coin(), byBias), as32(all)};
  kernels.gruForward(of, scratch);
  kernels.gruBackward(of, scratch);
}

void simpleRnn() {
  const int64_t T = upTo(6), N = upTo(20), H = generator() % 8 == 0 ? upTo(300) : upTo(40);
  const int64_t all = apartFor(N);
  const Numbers h0(N * H), recurrent(H * H), bias(H), h(T * all * H), slopes(T * all * H);
  const Numbers last(N * H), byBias(H);
  const Numbers scratch(kernels.simpleRnnScratch(N, H));
  const karenina::SimpleRnn of = {as32(T), as32(N), as32(H), h0, recurrent, bias, h, slopes,
                                  orNone(coin(), last), orNone(coin(), byBias), as32(all)};
  kernels.simpleRnnForward(of, scratch);
  kernels.simpleRnnBackward(of, scratch);
}

void norm() {
  const int64_t R = upTo(20), D = upTo(80);
  const Numbers x(R * D), gain(D), bias(D), y(R * D), normal(R * D), inverse(R), dx(R * D), byGain(D), byBias(D);
  kernels.normForward({R, D, 1e-5f, x, gain, bias, y, normal, inverse});
  kernels.normBackward({R, D, y, gain, normal, inverse, dx, byGain, byBias});
  kernels.geluForward({R * D, 0.07f, 1.6f, x, y});
  kernels.geluBackward({R * D, 0.07f, 1.6f, x, y});
}

void attention() {
  const int64_t N = upTo(3), T = generator() % 8 == 0 ? upTo(300) : upTo(70), heads = upTo(3), d = 2 * upTo(20);
  const bool isTurned = coin();
  const Numbers qkv(3 * T * N * heads * d), cosines(T * d), sines(T * d), y(T * N * heads * d);
  const Numbers weights(N * heads * T * T), dy(T * N * heads * d), byQkv(3 * T * N * heads * d);
  const Numbers scratch(kernels.attentionScratch(T, d));
  const karenina::Attention of = {N, T, heads, d, qkv, orNone(isTurned, cosines), orNone(isTurned, sines), y, weights};
  kernels.attentionForward(of, scratch);
  kernels.attentionBackward(of, {dy, byQkv}, scratch);
}

void updates() {
  const int64_t size = upTo(200);
  for (int rule = 0; rule < karenina::RULES; rule++) {
    const Numbers value(size), first(size), second(size), gradient(size), scalars(karenina::SCALARS[rule]);
    const int slots = karenina::SLOTS[rule];
    kernels.updates[rule]({size,
                           value,
                           {orNone(slots > 0, first), orNone(slots > 1, second)},
                           gradient,
                           0.5f,
                           1.0f,
                           0.01f,
                           scalars});
  }
}

/** A list of arrays with no more room than they need. */
struct ArrayList {
  std::vector<Numbers> owned;
  karenina::Arrays arrays;

  void add(int64_t size) {
    owned.emplace_back(size);
    arrays.push_back(owned.back());
  }
};

/** Some steps of N sequences, and none of one that begins again. */
void goThrough(karenina::Stepper& stepper, int64_t N, int64_t V, int64_t C) {
  const Numbers logits(N * V);
  std::unique_ptr<int32_t[]> ids(new int32_t[static_cast<size_t>(N)]);
  for (int64_t place = 0; place < C; place++) {
    for (int64_t n = 0; n < N; n++) ids[n] = static_cast<int32_t>(upTo(V) - 1);
    stepper.step(ids.get(), place, coin() ? logits.all.get() : nullptr);
  }
  stepper.reset();
}

void lstmStepper() {
  const bool cutsUnits = coin();
  const int64_t N = cutsUnits ? 1 : upTo(20), V = upTo(40), parts = upTo(4);
  std::vector<int32_t> sizes = {as32(N), as32(V), as32(cutsUnits ? parts : 1), as32(cutsUnits ? 1 : parts)};
  ArrayList weights;
  int64_t D = 0;
  for (int64_t layer = upTo(3); layer > 0; layer--) {
    const int64_t H = generator() % 8 == 0 ? upTo(300) : upTo(40);
    sizes.push_back(as32(H));
    weights.add(4 * H * (D == 0 ? V : D));
    weights.add(4 * H * H);
    if (D > 0) weights.add(4 * H);
    D = H;
  }
  weights.add(D * V);
  weights.add(V);
  goThrough(*karenina::makeLstmStepper(sizes, weights.arrays), N, V, 3);
}

void transformerStepper() {
  const int64_t N = upTo(6), V = upTo(40), C = upTo(20), heads = upTo(3), d = 2 * upTo(10), hidden = upTo(70);
  const int64_t D = heads * d, blocks = upTo(2);
  const float scalars[] = {1e-5f, 0.07f, 1.6f};
  ArrayList weights;
  const auto addOrNone = [&](bool given, int64_t size) {
    given ? weights.add(size) : weights.arrays.push_back(nullptr);
  };
  weights.add(V * D);
  addOrNone(coin(), C * D);
  const bool turns = coin();
  addOrNone(turns, C * d);
  addOrNone(turns, C * d);
  for (int64_t block = 0; block < blocks; block++) {
    for (const int64_t size : {D, D, 3 * D * D, 3 * D, D * D, D, D, D, D * hidden, hidden, hidden * D, D}) {
      weights.add(size);
    }
  }
  for (const int64_t size : {D, D, D * V, V}) weights.add(size);
  const std::vector<int32_t> sizes = {as32(N), as32(V), as32(upTo(4)), as32(C), as32(heads), as32(d), as32(hidden),
                                      as32(blocks)};
  goThrough(*karenina::makeTransformerStepper(sizes, scalars, weights.arrays), N, V, C);
}

}  // namespace

int main() {
  for (int i = 0; i < 1000; i++) {
    products();
    crossEntropy();
    lstm();
    gru();
    simpleRnn();
    norm();
    attention();
    updates();
    lstmStepper();
    transformerStepper();
  }
  std::printf("1000 random sizes of each kernel and stepper with %s\n", kernels.name);
}
