// The steppers as functions of the add-on; ../ownStepper.ts calls them.
#pragma once
#include <node_api.h>

namespace karenina {

void exportSteppers(napi_env env, napi_value exports);

}  // namespace karenina
