#pragma once
#include "tensorflow.h"

namespace karenina {

void registerUpdate(TF_Status* status);

}  // namespace karenina
