"""Start, restart, shut down, and the end of a server that had no time to say goodbye."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from harness import TIMEOUT, KernelCase, process_runs, wait_until


class Lifecycle(KernelCase):
    def pid(self) -> int:
        return int(self.run_ok(self.snippet("pid")).stdout)

    def test_restart_forgets_everything_and_counts_from_one(self) -> None:
        self.run_ok(self.snippet("define", name="forgotten", value=1))
        self.km.restart_kernel(now=False)
        self.kc.stop_channels()
        type(self).kc = self.connect()
        cell = self.run_ok(self.snippet("sum"))
        self.assertEqual(cell.reply["content"]["execution_count"], 1)
        self.run_error("forgotten")

    def test_shutdown_is_answered_and_the_process_ends(self) -> None:
        pid = self.pid()
        cell = self.request("shutdown_request", {"restart": False}, channel="control")
        reply = self.reply_of(cell, channel="control").reply
        self.assertEqual(reply["msg_type"], "shutdown_reply")
        self.assertEqual(reply["content"], {"status": "ok", "restart": False})
        self.assertTrue(wait_until(lambda: not self.km.is_alive(), 10), "it goes on running")
        self.assertTrue(wait_until(lambda: not process_runs(pid), 10), "its process goes on")

    def test_shutdown_while_a_loop_runs(self) -> None:
        self.started(self.send(self.snippet("loop_forever")))
        self.km.shutdown_kernel(now=False)
        self.assertFalse(self.km.is_alive())

    def test_shutdown_ends_what_cells_left_running(self) -> None:
        self.run_ok(self.snippet("timer_forever"))
        cell = self.request("shutdown_request", {"restart": False}, channel="control")
        self.reply_of(cell, channel="control")
        self.assertTrue(wait_until(lambda: not self.km.is_alive(), 10), "a timer keeps it alive")

    def test_a_kernel_outlives_no_dead_server(self) -> None:
        # The manager runs in a process of its own, which is then killed without a word.
        script = (
            "import sys; from jupyter_client.manager import start_new_kernel; "
            f"km, kc = start_new_kernel(kernel_name={self.language.kernel!r}, startup_timeout=60); "
            "print(km.provisioner.pid, flush=True); sys.stdin.read()"
        )
        server = subprocess.Popen(
            [sys.executable, "-c", script],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        pid = int(server.stdout.readline())
        try:
            self.assertTrue(process_runs(pid))
            server.kill()
            server.wait()
            self.assertTrue(wait_until(lambda: not process_runs(pid), 15), "an orphan is left")
        finally:
            server.stdin.close()
            server.stdout.close()
            if process_runs(pid):
                os.kill(pid, signal.SIGKILL)

    def test_it_starts_over_ipc(self) -> None:
        if os.name == "nt":
            self.skipTest("ipc sockets need a POSIX system")
        self.stop()
        type(self).start(transport="ipc", ip=f"conformance-{os.getpid()}")
        try:
            self.assert_alive()
        finally:
            self.stop()
            type(self).start()

    def test_ten_kernels_start_one_after_the_other(self) -> None:
        for _ in range(10):
            self.stop()
            type(self).start()
            self.assertEqual(self.run_ok(self.snippet("sum"), TIMEOUT).result, "579")
