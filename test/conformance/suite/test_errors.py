"""Errors: the message, the traceback, the right line, and a kernel that goes on."""

from harness import KernelCase, wait_until


class Errors(KernelCase):
    def test_the_reply_and_the_message_agree(self) -> None:
        cell = self.run_error(self.snippet("error"))
        errors = cell.of_type("error")
        self.assertEqual(len(errors), 1)
        for key in ("ename", "evalue", "traceback"):
            self.assertEqual(errors[0][key], cell.reply["content"][key])
        self.assertEqual(errors[0]["evalue"], "boom")
        self.assertEqual(errors[0]["ename"], self.snippet("error_name"))
        self.assertTrue(errors[0]["traceback"])

    def test_the_traceback_names_the_line(self) -> None:
        cell = self.run_error(self.snippet("error_on_line_4"))
        traceback = "\n".join(cell.reply["content"]["traceback"])
        self.assertRegex(traceback, self.snippet("line_4_pattern"))

    def test_a_syntax_error_is_an_error(self) -> None:
        cell = self.run_error(self.snippet("syntax_error"))
        self.assertTrue(cell.reply["content"]["ename"])
        self.assertEqual(len(cell.of_type("error")), 1)
        self.assert_alive()

    def test_output_before_the_error_arrives_before_it(self) -> None:
        cell = self.run_error(self.snippet("print", text="before") + "\n" + self.snippet("error"))
        kinds = [m["msg_type"] for m in cell.messages if m["msg_type"] in ("stream", "error")]
        self.assertEqual(kinds[0], "stream")
        self.assertIn("before", cell.stdout)

    def test_declarations_before_a_throw_stay(self) -> None:
        self.run_error(
            self.snippet("define", name="survivor", value=5) + "\n" + self.snippet("error")
        )
        self.assertEqual(self.run_ok("survivor").result, "5")

    def test_an_error_after_an_await(self) -> None:
        cell = self.run_error(self.snippet("sleep", seconds=0.05) + "\n" + self.snippet("error"))
        self.assertEqual(cell.reply["content"]["evalue"], "boom")

    def test_a_thrown_value_that_is_no_error(self) -> None:
        cell = self.run_error(self.snippet("throw_a_string"))
        self.assertIn("just text", "\n".join(cell.reply["content"]["traceback"]))
        self.assert_alive()

    def test_a_type_error_stops_the_cell_before_it_runs(self) -> None:
        code = self.snippet("print", text="ran anyway") + "\n" + self.snippet("type_error")
        cell = self.run_error(code)
        self.assertEqual(cell.stdout, "")
        self.assertIn("not assignable", cell.shown)


class Process(KernelCase):
    def test_exit_fails_the_cell_and_leaves_the_kernel_alive(self) -> None:
        self.run_ok(self.snippet("define", name="treasure", value=9))
        self.run_error(self.snippet("exit", code=3))
        self.assertTrue(self.km.is_alive())
        self.assertEqual(self.run_ok("treasure").result, "9")

    def test_an_unhandled_rejection_fails_its_cell(self) -> None:
        code = self.snippet("unhandled_rejection") + "\n" + self.snippet("sleep", seconds=0.2)
        cell = self.run_error(code)
        self.assertEqual(cell.reply["content"]["evalue"], "rejected unheard")
        self.assert_alive()

    def test_a_throw_in_a_timer_fails_the_cell_that_waits(self) -> None:
        code = self.snippet("timer_error", seconds=0.05) + "\n" + self.snippet("sleep", seconds=2)
        cell = self.run_error(code)
        self.assertEqual(cell.reply["content"]["evalue"], "timer boom")
        self.assert_alive()

    def test_a_throw_in_a_timer_after_the_cell_is_told_under_it(self) -> None:
        cell = self.run_ok(self.snippet("timer_error", seconds=0.3))
        other = self.run_ok(self.snippet("sleep", seconds=0.6))
        late = self.gather(
            cell, until=lambda c: "timer boom" in c.shown if len(c.messages) > 3 else False
        )
        self.assertIn("timer boom", late.shown)
        self.assertNotIn("timer boom", other.shown)
        self.assert_alive()

    def test_an_out_of_order_exit_code_does_not_end_the_process(self) -> None:
        self.run_ok(self.snippet("exit_code"))
        self.assert_alive()

    def test_a_child_process_prints_into_its_cell(self) -> None:
        cell = self.run_ok(self.snippet("child_process", text="from the child"))
        if "from the child" not in cell.stdout:
            self.gather(cell, until=lambda c: "from the child" in c.stdout)
        self.assertIn("from the child", cell.stdout)

    def test_a_killed_kernel_is_noticed(self) -> None:
        self.send(self.snippet("kill_itself"))
        self.assertTrue(wait_until(lambda: not self.km.is_alive()))
        self.setUp()
        self.assert_alive()
