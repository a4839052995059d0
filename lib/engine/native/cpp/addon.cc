// The add-on for Node.js: loading it registers the operations with the TensorFlow of this process, and gives the
// steppers.
#include <node_api.h>

#include "kernels.h"
#include "operations.h"
#include "stepperCalls.h"

namespace {

/** Once in a process, however many threads and copies of the library load the file. Empty where it went well. */
const char* registerAll() {
  TF_Status* status = TF_NewStatus();
  karenina::registerUpdate(status);
  karenina::registerLstm(status);
  karenina::registerGru(status);
  karenina::registerSimpleRnn(status);
  karenina::registerNorm(status);
  karenina::registerGelu(status);
  karenina::registerAttention(status);
  karenina::registerProducts(status);
  karenina::registerLoss(status);
  // The status lives as long as its text may be read: as long as the process.
  return TF_GetCode(status) == TF_OK ? "" : TF_Message(status);
}

}  // namespace

NAPI_MODULE_INIT() {
  static const char* const failure = registerAll();
  if (*failure != 0) {
    napi_throw_error(env, nullptr, failure);
    return nullptr;
  }
  napi_value name;
  if (napi_create_string_utf8(env, karenina::kernels().name, NAPI_AUTO_LENGTH, &name) == napi_ok) {
    napi_set_named_property(env, exports, "instructions", name);
  }
  karenina::exportSteppers(env, exports);
  return exports;
}
