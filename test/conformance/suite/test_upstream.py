"""jupyter_kernel_test as its authors wrote it, with this language's samples."""

from __future__ import annotations

from typing import Any

import jupyter_kernel_test
from harness import TIMEOUT

jupyter_kernel_test.TIMEOUT = TIMEOUT


class JupyterKernelTest(jupyter_kernel_test.KernelTests):
    def execute_helper(self, *args: Any, **options: Any) -> Any:
        """Waits for outputs as long as for the reply.

        The original gives an output 0.1 s after the one before it and fails then, which on a busy
        machine any kernel does.
        """
        channel = self.kc.iopub_channel
        get_msg = channel.get_msg
        channel.get_msg = lambda timeout: get_msg(timeout=max(timeout, TIMEOUT))
        try:
            return super().execute_helper(*args, **options)
        finally:
            del channel.get_msg


class IopubWelcome(jupyter_kernel_test.IopubWelcomeTests):
    support_iopub_welcome = True
