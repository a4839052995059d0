"""jupyter_kernel_test as its authors wrote it, with this language's samples."""

from __future__ import annotations

import jupyter_kernel_test
from harness import TIMEOUT

# The package is of 2024 and its own patience is for a machine that does nothing else.
jupyter_kernel_test.TIMEOUT = TIMEOUT


class JupyterKernelTest(jupyter_kernel_test.KernelTests):
    pass


class IopubWelcome(jupyter_kernel_test.IopubWelcomeTests):
    support_iopub_welcome = True
