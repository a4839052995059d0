// Numbers that begin where a line of the cache does.
#pragma once
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace karenina {

/** So many numbers, zeros at first. */
class Numbers {
 public:
  Numbers() = default;
  explicit Numbers(int64_t count) {
    const size_t bytes = (static_cast<size_t>(count) * sizeof(float) / 64 + 1) * 64;
    all = static_cast<float*>(std::aligned_alloc(64, bytes));
    if (all == nullptr) throw std::bad_alloc();
    std::memset(all, 0, bytes);
  }
  Numbers(const float* from, int64_t count) : Numbers(count) {
    std::memcpy(all, from, static_cast<size_t>(count) * sizeof(float));
  }
  Numbers(Numbers&& other) noexcept : all(std::exchange(other.all, nullptr)) {}
  Numbers& operator=(Numbers&& other) noexcept {
    std::swap(all, other.all);
    return *this;
  }
  ~Numbers() { std::free(all); }

  operator float*() const { return all; }

 private:
  float* all = nullptr;
};

}  // namespace karenina
