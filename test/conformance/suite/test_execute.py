"""Running cells: counting, queueing, aborting, results, and what stays between cells."""

from harness import KernelCase


class Execute(KernelCase):
    def test_execute_input_is_broadcast(self) -> None:
        code = self.snippet("sum")
        inputs = self.run_ok(code).of_type("execute_input")
        self.assertEqual([i["code"] for i in inputs], [code])
        self.assertIsInstance(inputs[0]["execution_count"], int)

    def test_execution_count_is_the_same_everywhere_and_grows_by_one(self) -> None:
        counts = []
        for _ in range(3):
            cell = self.run_ok(self.snippet("sum"))
            count = cell.reply["content"]["execution_count"]
            self.assertEqual(cell.of_type("execute_input")[0]["execution_count"], count)
            self.assertEqual(cell.of_type("execute_result")[0]["execution_count"], count)
            counts.append(count)
        self.assertEqual(counts, list(range(counts[0], counts[0] + 3)))

    def test_messages_come_in_the_protocols_order(self) -> None:
        cell = self.run_ok(self.snippet("print", text="order") + "\n" + self.snippet("sum"))
        kinds = [m["msg_type"] for m in cell.messages]
        self.assertEqual(
            kinds, ["status", "execute_input", "stream", "execute_result", "status"], cell.shown
        )

    def test_nothing_of_a_cell_comes_after_its_idle(self) -> None:
        first = self.run_ok(self.snippet("print_loop", count=2000))
        self.run_ok(self.snippet("sum"))
        self.assertNotIn(first.msg_id, self.strays)

    def test_silent_gives_no_input_and_no_result(self) -> None:
        cell = self.run_ok(self.snippet("sum"), silent=True)
        self.assertEqual({m["msg_type"] for m in cell.messages}, {"status"})

    def test_silent_does_not_count(self) -> None:
        before = self.run_ok(self.snippet("sum")).reply["content"]["execution_count"]
        self.run_ok(self.snippet("sum"), silent=True)
        after = self.run_ok(self.snippet("sum")).reply["content"]["execution_count"]
        self.assertEqual(after, before + 1)

    def test_store_history_false_does_not_count(self) -> None:
        before = self.run_ok(self.snippet("sum")).reply["content"]["execution_count"]
        cell = self.run_ok(self.snippet("sum"), store_history=False)
        self.assertEqual(cell.result, "579")
        after = self.run_ok(self.snippet("sum")).reply["content"]["execution_count"]
        self.assertEqual(after, before + 1)

    def test_names_stay_between_cells(self) -> None:
        self.run_ok(self.snippet("define", name="kept", value=41))
        self.assertEqual(self.run_ok("kept + 1").result, "42")

    def test_a_name_can_be_declared_again(self) -> None:
        self.run_ok(self.snippet("define", name="again", value=1))
        self.run_ok(self.snippet("define", name="again", value=2))
        self.assertEqual(self.run_ok("again").result, "2")

    def test_await_at_top_level(self) -> None:
        cell = self.run_ok(self.snippet("sleep", seconds=0.05) + "\n" + self.snippet("sum"))
        self.assertEqual(cell.result, "579")

    def test_empty_and_comment_cells_are_ok(self) -> None:
        for code in ("", "  \n\n", self.snippet("comment")):
            with self.subTest(code=code):
                cell = self.run_ok(code)
                self.assertEqual(cell.of_type("execute_result"), [])
                self.assertEqual(cell.of_type("error"), [])

    def test_a_statement_has_no_result(self) -> None:
        cell = self.run_ok(self.snippet("define", name="quiet", value=3))
        self.assertEqual(cell.of_type("execute_result"), [])

    def test_cells_sent_at_once_run_one_after_the_other(self) -> None:
        self.run_ok(self.snippet("list"))
        slow = "\n".join(
            [
                self.snippet("list_add", value=1),
                self.snippet("sleep", seconds=0.1),
                self.snippet("list_add", value=2),
            ]
        )
        first = self.send(slow)
        second = self.send(self.snippet("list_add", value=3))
        third = self.send(self.snippet("list_show"))
        for cell in (first, second, third):
            self.finish(cell)
            self.assertEqual(cell.status, "ok", cell.shown)
        self.assertEqual(third.stdout.strip(), "1,2,3")

    def test_the_cell_right_after_a_failed_one_runs(self) -> None:
        for _ in range(5):
            self.run_error(self.snippet("error"))
            self.assertEqual(self.run_ok(self.snippet("sum")).result, "579")


class StopOnError(KernelCase):
    def send_three(self, **options: object) -> list:
        slow_error = self.snippet("sleep", seconds=0.2) + "\n" + self.snippet("error")
        cells = [self.send(slow_error, **options)]
        cells += [self.send(self.snippet("sum")) for _ in range(2)]
        return [self.finish(cell) for cell in cells]

    def test_stop_on_error_aborts_what_is_queued(self) -> None:
        failed, *queued = self.send_three(stop_on_error=True)
        self.assertEqual(failed.status, "error")
        self.assertEqual([c.status for c in queued], ["aborted", "aborted"])
        for cell in queued:
            self.assertEqual({m["msg_type"] for m in cell.messages}, {"status"})
        self.assertEqual(self.run_ok(self.snippet("sum")).result, "579")

    def test_without_stop_on_error_the_queue_goes_on(self) -> None:
        failed, *queued = self.send_three(stop_on_error=False)
        self.assertEqual(failed.status, "error")
        self.assertEqual([c.status for c in queued], ["ok", "ok"])

    def test_other_requests_are_not_aborted(self) -> None:
        slow_error = self.snippet("sleep", seconds=0.2) + "\n" + self.snippet("error")
        failed = self.send(slow_error)
        info = self.request("kernel_info_request", {})
        self.finish(failed)
        self.finish(info)
        self.assertEqual(info.reply["msg_type"], "kernel_info_reply")
        self.assertEqual(info.status, "ok")


class UserExpressions(KernelCase):
    def test_values_come_with_the_reply(self) -> None:
        code = self.snippet("define", name="seven", value=7)
        cell = self.run_ok(code, user_expressions={"double": "seven * 2", "text": '"a" + "b"'})
        answers = cell.reply["content"]["user_expressions"]
        self.assertEqual(answers["double"]["status"], "ok")
        self.assertEqual(answers["double"]["data"]["text/plain"], "14")
        self.assertIn("ab", answers["text"]["data"]["text/plain"])

    def test_a_failing_expression_spoils_neither_the_cell_nor_the_others(self) -> None:
        cell = self.run_ok(
            self.snippet("sum"), user_expressions={"bad": "nowhere.to_be_found", "good": "1 + 1"}
        )
        answers = cell.reply["content"]["user_expressions"]
        self.assertEqual(answers["bad"]["status"], "error")
        self.assertTrue(answers["bad"]["ename"])
        self.assertEqual(answers["good"]["data"]["text/plain"], "2")

    def test_they_are_evaluated_for_a_silent_cell(self) -> None:
        cell = self.run_ok("", silent=True, user_expressions={"two": "1 + 1"})
        answers = cell.reply["content"]["user_expressions"]
        self.assertEqual(answers["two"]["data"]["text/plain"], "2")
