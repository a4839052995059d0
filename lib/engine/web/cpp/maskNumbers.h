// Random numbers of dropout masks: those that TensorFlow's StatelessRandomUniformFullInt gives for a seed, 16 bits
// each, so that all engines drop the same values. The generator is Philox4x32-10 (Salmon et al. 2011), whose
// counter says which numbers come: a part of a mask can begin anywhere.
#pragma once
#include <stdint.h>

namespace karenina {

/** Four numbers of 32 bits. */
struct PhiloxBlock {
  uint32_t words[4];

  /** The block that a counter stands for. */
  static PhiloxBlock of(PhiloxBlock counter, uint32_t keyA, uint32_t keyB) {
    auto& [a, b, c, d] = counter.words;
    for (int round = 0; round < 10; round++) {
      const uint64_t ofA = uint64_t{0xd2511f53} * a, ofC = uint64_t{0xcd9e8d57} * c;
      a = static_cast<uint32_t>(ofC >> 32) ^ b ^ keyA;
      b = static_cast<uint32_t>(ofC);
      c = static_cast<uint32_t>(ofA >> 32) ^ d ^ keyB;
      d = static_cast<uint32_t>(ofA);
      keyA += 0x9e3779b9;
      keyB += 0xbb67ae85;
    }
    return counter;
  }

  /** Its numbers of 16 bits, the lower half of a word first. */
  int32_t at(int64_t place) const { return words[place / 2] >> (place % 2 * 16) & 0xffff; }
};

/** The numbers of a seed. */
struct MaskNumbers {
  /** Numbers of a block. */
  static constexpr int64_t COUNT = 8;
  PhiloxBlock begin;

  /** TensorFlow makes a seed into a key and the upper half of a counter by a block under a key of its own. */
  MaskNumbers(uint32_t first, uint32_t second)
      : begin(PhiloxBlock::of({{first, 0, second, 0}}, 0x3ec8f720, 0x02461e29)) {}

  PhiloxBlock block(int64_t place) const {
    const auto& [keyA, keyB, third, fourth] = begin.words;
    return PhiloxBlock::of({{static_cast<uint32_t>(place), 0, third, fourth}}, keyA, keyB);
  }
};

}  // namespace karenina
