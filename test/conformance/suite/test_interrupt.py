"""Stop: the cell ends, the work really ends, and the state is kept."""

from harness import KernelCase

# How long a cell may take to stop before it counts as not stopped at all.
PATIENCE = 20


class Interrupt(KernelCase):
    def interrupt(self) -> None:
        """What Stop does, and back only when the kernel has heard it."""
        if self.km.kernel_spec.interrupt_mode == "message":
            self.ask("interrupt_request", {}, channel="control")
        else:
            self.km.interrupt_kernel()

    def stop_cell(self, code: str) -> object:
        """Runs code that prints `started`, stops it once it has, and gives the finished cell."""
        self.run_ok(self.snippet("define", name="kept", value=7))
        cell = self.started(self.send(code))
        self.interrupt()
        self.finish(cell, PATIENCE)
        self.assertEqual(cell.status, "error", cell.shown)
        self.assertEqual(self.run_ok("kept").result, "7")
        return cell

    def assert_ended(self) -> None:
        """The stopped code's own counter stands still."""
        first = self.run_ok(self.snippet("ticks")).stdout
        self.run_ok(self.snippet("sleep", seconds=0.5))
        self.assertEqual(self.run_ok(self.snippet("ticks")).stdout, first)

    def test_a_synchronous_loop(self) -> None:
        self.stop_cell(self.snippet("loop_forever"))
        self.assert_ended()

    def test_a_long_await(self) -> None:
        self.stop_cell(self.snippet("long_await"))

    def test_a_synchronous_loop_after_an_await(self) -> None:
        self.stop_cell(self.snippet("loop_after_await"))
        self.assert_ended()

    def test_a_loop_of_awaits(self) -> None:
        self.stop_cell(self.snippet("loop_of_awaits"))
        self.assert_ended()

    def test_a_loop_that_prints(self) -> None:
        self.stop_cell(self.snippet("loop_that_prints"))
        later = self.run_ok(self.snippet("sum"))
        self.assertEqual(later.stdout, "")

    def test_a_loop_that_catches_everything(self) -> None:
        self.stop_cell(self.snippet("loop_that_catches"))

    def test_a_training_loop(self) -> None:
        self.run_ok(self.snippet("define_model"))
        self.stop_cell(self.snippet("train"))
        self.assert_ended()
        self.run_ok(self.snippet("train_once"))

    def test_a_fit_call(self) -> None:
        self.run_ok(self.snippet("define_model"))
        self.stop_cell(self.snippet("fit"))
        self.assert_ended()

    def test_the_error_says_that_it_was_an_interrupt(self) -> None:
        cell = self.stop_cell(self.snippet("loop_forever"))
        self.assertRegex(cell.reply["content"]["ename"], "(?i)interrupt")

    def test_again_and_again(self) -> None:
        for _ in range(5):
            self.stop_cell(self.snippet("loop_forever"))
            self.stop_cell(self.snippet("loop_after_await"))

    def test_nothing_to_stop_does_no_harm(self) -> None:
        for _ in range(3):
            self.interrupt()
        self.assert_alive()
        self.interrupt()
        self.assert_alive()

    def test_the_cells_behind_it_are_aborted(self) -> None:
        cell = self.started(self.send(self.snippet("loop_forever")))
        behind = self.send(self.snippet("sum"))
        # The request must be in the kernel's queue before Stop is: a reply on the same socket
        # cannot tell (the loop holds it up), a complete iopub silence neither, so a control
        # request after it is the fence: both sockets are read by the same poller.
        fence = self.request("kernel_info_request", {}, channel="control")
        self.reply_of(fence, channel="control")
        self.interrupt()
        self.finish(cell)
        self.finish(behind)
        self.assertEqual(behind.status, "aborted")
        self.assert_alive()
