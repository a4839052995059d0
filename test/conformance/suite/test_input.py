"""Input: a question reaches the front end, the answer reaches the code."""

from typing import Any

from harness import TIMEOUT, Cell, KernelCase


class Input(KernelCase):
    def question(self, cell: Cell) -> dict[str, Any]:
        return self.reply_of(cell, channel="stdin").reply["content"]

    def test_the_answer_reaches_the_code(self) -> None:
        cell = self.send(self.snippet("prompt"), allow_stdin=True)
        question = self.question(cell)
        self.assertEqual(question["prompt"], "name? ")
        self.assertIs(question["password"], False)
        self.kc.input("Ada")
        self.finish(cell)
        self.assertEqual(cell.status, "ok", cell.shown)
        self.assertIn("hello Ada", cell.stdout)

    def test_two_questions_in_one_cell(self) -> None:
        cell = self.send(self.snippet("prompt_twice"), allow_stdin=True)
        for answer in ("3", "4"):
            self.question(cell)
            self.kc.input(answer)
        self.finish(cell)
        self.assertEqual(cell.stdout.strip(), "3-4")

    def test_what_was_printed_before_the_question_is_shown_before_it(self) -> None:
        cell = self.send(
            self.snippet("print", text="read this") + "\n" + self.snippet("prompt"),
            allow_stdin=True,
        )
        self.question(cell)
        self.gather(cell, until=lambda c: "read this" in c.stdout)
        self.kc.input("Ada")
        self.finish(cell)

    def test_a_library_that_reads_stdin_asks_too(self) -> None:
        cell = self.send(self.snippet("readline"), allow_stdin=True)
        self.question(cell)
        self.kc.input("forty-two")
        self.finish(cell)
        self.assertEqual(cell.status, "ok", cell.shown)
        self.assertIn("read forty-two", cell.stdout)

    def test_without_a_front_end_to_ask_it_fails_at_once(self) -> None:
        cell = self.run_error(self.snippet("prompt"), allow_stdin=False)
        self.assertTrue(cell.reply["content"]["ename"])
        self.assert_alive()

    def test_stop_frees_a_cell_that_asks(self) -> None:
        cell = self.send(self.snippet("prompt"), allow_stdin=True)
        self.question(cell)
        self.km.interrupt_kernel()
        self.finish(cell, TIMEOUT)
        self.assertEqual(cell.status, "error")
        self.assert_alive()
