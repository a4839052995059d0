"""What cells print: complete, in order, coalesced, and under the cell that printed it."""

from harness import KernelCase


class Streams(KernelCase):
    def test_stdout_and_stderr_are_told_apart(self) -> None:
        cell = self.run_ok(self.snippet("print_both"))
        self.assertEqual(cell.stdout, "to out\n")
        self.assertEqual(cell.stderr, "to err\n")

    def test_stdout_and_stderr_keep_their_order(self) -> None:
        cell = self.run_ok(self.snippet("print_alternately", count=20))
        texts = "".join(c["text"] for c in cell.of_type("stream"))
        self.assertEqual(texts.split(), [str(i) for i in range(20)])

    def test_partial_lines_are_joined(self) -> None:
        cell = self.run_ok(self.snippet("write_parts"))
        self.assertEqual(cell.stdout, "one two three")

    def test_a_loop_of_prints_is_coalesced(self) -> None:
        cell = self.run_ok(self.snippet("print_loop", count=5000))
        self.assertEqual(cell.stdout.split(), [str(i) for i in range(5000)])
        self.assertLess(len(cell.of_type("stream")), 500)

    def test_output_streams_while_the_cell_runs(self) -> None:
        cell = self.send(self.snippet("print_then_wait", text="early", seconds=1.5))
        self.gather(cell, until=lambda c: "early" in c.stdout)
        self.assertFalse(any(c["execution_state"] == "idle" for c in cell.of_type("status")))
        self.finish(cell)

    def test_output_of_a_blocking_loop_streams_while_it_runs(self) -> None:
        cell = self.send(self.snippet("print_then_spin", text="early", seconds=1.5))
        self.gather(cell, until=lambda c: "early" in c.stdout)
        self.assertFalse(any(c["execution_state"] == "idle" for c in cell.of_type("status")))
        self.finish(cell)

    def test_100000_lines_in_one_loop_are_complete_before_idle(self) -> None:
        cell = self.run_ok(self.snippet("print_loop", count=100_000))
        lines = cell.stdout.split()
        self.assertEqual(len(lines), 100_000)
        self.assertEqual(lines, [str(i) for i in range(100_000)])

    def test_emoji_survive_wherever_the_text_is_cut(self) -> None:
        cell = self.run_ok(self.snippet("print_emoji", count=100_000))
        self.assertEqual(cell.stdout, "😀" * 100_000)


class LateOutput(KernelCase):
    def test_output_after_the_end_belongs_to_its_cell(self) -> None:
        cell = self.run_ok(self.snippet("print_later", text="late", seconds=0.3))
        self.assertNotIn("late", cell.stdout)
        other = self.run_ok(self.snippet("print", text="meanwhile"))
        late = self.gather(cell, until=lambda c: "late" in c.stdout)
        self.assertIn("late", late.stdout)
        self.assertNotIn("late", other.stdout)

    def test_output_during_the_next_cell_belongs_to_its_own(self) -> None:
        cell = self.run_ok(self.snippet("print_later", text="late", seconds=0.3))
        other = self.run_ok(
            self.snippet("print", text="first")
            + "\n"
            + self.snippet("sleep", seconds=0.8)
            + "\n"
            + self.snippet("print", text="second")
        )
        self.assertEqual(other.stdout.split(), ["first", "second"])
        late = self.gather(cell, until=lambda c: "late" in c.stdout)
        self.assertEqual(late.stdout.strip(), "late")
