#include "team.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>

namespace karenina {
namespace {

/** How often a thread looks for news before it sleeps: about 50 µs, less than it takes to wake it twice. */
constexpr int LOOKS = 2000;

inline void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/** What all rounds of a process share. It is never freed: its threads may outlive everything else. */
struct Team {
  /**
   * In its lowest byte how many parts nobody has taken yet, and above it the round's number. What follows is only
   * written while no part is left and no thread is at one.
   */
  std::atomic<uint64_t> claim{0};
  void (*work)(void*, int) = nullptr;
  void* data = nullptr;
  int parts = 0;

  /** Threads that may be at a part, or about to take one. */
  std::atomic<int> busy{0};
  std::atomic<int> asleep{0};
  std::mutex sleeping;
  std::condition_variable wake;
  /** Held through a round: the steppers of several Node.js threads do not share one. */
  std::mutex round;
  int threads = 0;

  /** Takes parts until none is left. */
  void takeParts() {
    for (uint64_t seen = claim.load(); (seen & 255) != 0;) {
      if (claim.compare_exchange_weak(seen, seen - 1)) {
        work(data, parts - static_cast<int>(seen & 255));
        seen = claim.load();
      }
    }
  }

  void live() {
    for (int looks = 0;;) {
      const uint64_t seen = claim.load();
      if ((seen & 255) != 0) {
        looks = 0;
        busy.fetch_add(1);
        takeParts();
        busy.fetch_sub(1);
      } else if (++looks < LOOKS) {
        pause();
      } else {
        looks = 0;
        std::unique_lock<std::mutex> lock(sleeping);
        asleep.fetch_add(1);
        wake.wait(lock, [&] { return claim.load() != seen; });
        asleep.fetch_sub(1);
      }
    }
  }

  /** Sees to it that there are so many threads besides the caller's, as far as the system allows. */
  void have(int wanted) {
    try {
      for (; threads < wanted; threads++) std::thread([this] { live(); }).detach();
    } catch (const std::system_error&) {
      // The caller does what nobody takes.
    }
  }

  void run(int count, void (*of)(void*, int), void* with) {
    have(count - 1);
    work = of;
    data = with;
    parts = count;
    claim.store((((claim.load() >> 8) + 1) << 8) | static_cast<uint64_t>(count));
    if (asleep.load() > 0) {
      std::lock_guard<std::mutex> lock(sleeping);
      wake.notify_all();
    }
    takeParts();
    for (int looks = 0; busy.load() > 0; looks++) {
      if (looks < LOOKS) {
        pause();
      } else {
        std::this_thread::yield();
      }
    }
  }
};

Team& team() {
  static Team* const all = new Team();
  return *all;
}

}  // namespace

void runParts(int parts, void (*work)(void* data, int part), void* data) {
  Team& all = team();
  if (parts > 1 && all.round.try_lock()) {
    std::lock_guard<std::mutex> lock(all.round, std::adopt_lock);
    all.run(parts, work, data);
  } else {
    for (int part = 0; part < parts; part++) work(data, part);
  }
}

}  // namespace karenina
