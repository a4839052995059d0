#include "stepperCalls.h"

#include <cstring>
#include <new>

#include "stepper.h"

namespace karenina {
namespace {

/** What JavaScript holds: a stepper until it is disposed of. */
using Holder = std::unique_ptr<Stepper>;

template <size_t COUNT>
struct Arguments {
  napi_value values[COUNT];

  Arguments(napi_env env, napi_callback_info info) {
    size_t count = COUNT;
    napi_get_cb_info(env, info, &count, values, nullptr, nullptr);
  }
};

/** A typed array's numbers; null, and a count of 0, for anything else. */
template <class Number>
Number* numbersOf(napi_env env, napi_value value, size_t* count = nullptr) {
  bool isArray = false;
  void* numbers = nullptr;
  size_t length = 0;
  if (napi_is_typedarray(env, value, &isArray) == napi_ok && isArray) {
    napi_get_typedarray_info(env, value, nullptr, &length, &numbers, nullptr, nullptr);
  }
  if (count != nullptr) *count = length;
  return length > 0 ? static_cast<Number*>(numbers) : nullptr;
}

std::vector<int32_t> sizesOf(napi_env env, napi_value value) {
  size_t count;
  const int32_t* sizes = numbersOf<int32_t>(env, value, &count);
  return {sizes, sizes + count};
}

Arrays arraysOf(napi_env env, napi_value value) {
  uint32_t count = 0;
  napi_get_array_length(env, value, &count);
  Arrays arrays;
  for (uint32_t i = 0; i < count; i++) {
    napi_value each;
    napi_get_element(env, value, i, &each);
    arrays.push_back(numbersOf<const float>(env, each));
  }
  return arrays;
}

void freeHolder(napi_env, void* data, void*) { delete static_cast<Holder*>(data); }

/** A value for JavaScript of what `make` makes. */
template <class Make>
napi_value hold(napi_env env, Make make) {
  napi_value external = nullptr;
  try {
    Holder* const holder = new Holder(make());
    if (napi_create_external(env, holder, freeHolder, nullptr, &external) != napi_ok) delete holder;
  } catch (const std::bad_alloc&) {
    napi_throw_error(env, nullptr, "There is not enough memory for a copy of the network's weights.");
  }
  return external;
}

Holder* holderOf(napi_env env, napi_value value) {
  void* holder = nullptr;
  napi_get_value_external(env, value, &holder);
  return static_cast<Holder*>(holder);
}

/** (sizes, arrays) */
napi_value createLstm(napi_env env, napi_callback_info info) {
  const Arguments<2> given(env, info);
  return hold(env, [&] { return makeLstmStepper(sizesOf(env, given.values[0]), arraysOf(env, given.values[1])); });
}

/** (sizes, scalars, arrays) */
napi_value createTransformer(napi_env env, napi_callback_info info) {
  const Arguments<3> given(env, info);
  return hold(env, [&] {
    return makeTransformerStepper(sizesOf(env, given.values[0]), numbersOf<float>(env, given.values[1]),
                                  arraysOf(env, given.values[2]));
  });
}

/** (stepper, ids, place, logits) */
napi_value step(napi_env env, napi_callback_info info) {
  const Arguments<4> given(env, info);
  Holder* const holder = holderOf(env, given.values[0]);
  if (holder == nullptr || *holder == nullptr) {
    napi_throw_error(env, nullptr, "The stepper has been disposed of.");
    return nullptr;
  }
  int64_t place = 0;
  napi_get_value_int64(env, given.values[2], &place);
  (*holder)->step(numbersOf<int32_t>(env, given.values[1]), place, numbersOf<float>(env, given.values[3]));
  return nullptr;
}

/** (stepper) */
napi_value reset(napi_env env, napi_callback_info info) {
  const Arguments<1> given(env, info);
  Holder* const holder = holderOf(env, given.values[0]);
  if (holder != nullptr && *holder != nullptr) (*holder)->reset();
  return nullptr;
}

/** (stepper) frees it before JavaScript collects what holds it. */
napi_value dispose(napi_env env, napi_callback_info info) {
  const Arguments<1> given(env, info);
  if (Holder* const holder = holderOf(env, given.values[0])) holder->reset();
  return nullptr;
}

}  // namespace

void exportSteppers(napi_env env, napi_value exports) {
  const auto add = [&](const char* name, napi_callback callback) {
    napi_value function;
    if (napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, nullptr, &function) == napi_ok) {
      napi_set_named_property(env, exports, name, function);
    }
  };
  add("createLstm", createLstm);
  add("createTransformer", createTransformer);
  add("step", step);
  add("reset", reset);
  add("dispose", dispose);
}

}  // namespace karenina
