"""What a kernel says of itself, and that it says so while it is busy."""

import zmq

from harness import TIMEOUT, Cell, KernelCase


class Info(KernelCase):
    def test_kernel_info_describes_the_language(self) -> None:
        info = self.ask("kernel_info_request", {})
        self.assertEqual(info["status"], "ok")
        self.assertGreaterEqual([int(p) for p in info["protocol_version"].split(".")], [5, 3])
        for key in ("implementation", "implementation_version", "banner"):
            self.assertTrue(info[key], key)
        language = info["language_info"]
        self.assertEqual(language["name"], self.language.name)
        self.assertEqual(language["file_extension"], self.language.file_extension)
        self.assertRegex(language["version"], r"^\d+\.\d+")
        self.assertIn("/", language["mimetype"])

    def test_every_request_is_framed_by_busy_and_idle(self) -> None:
        for msg_type, content in (
            ("kernel_info_request", {}),
            ("comm_info_request", {}),
            ("is_complete_request", {"code": "1"}),
            ("complete_request", {"code": "a", "cursor_pos": 1}),
            ("inspect_request", {"code": "a", "cursor_pos": 1, "detail_level": 0}),
            ("history_request", {"hist_access_type": "tail", "n": 1, "raw": True, "output": False}),
        ):
            with self.subTest(msg_type=msg_type):
                cell = self.request(msg_type, content)
                self.finish(cell)
                states = [s["execution_state"] for s in cell.of_type("status")]
                self.assertEqual(states, ["busy", "idle"])

    def test_control_answers_while_a_loop_runs(self) -> None:
        cell = self.started(self.send(self.snippet("spin_for", seconds=2)))
        info = self.request("kernel_info_request", {}, channel="control")
        self.reply_of(info, channel="control")
        self.assertEqual(info.status, "ok")
        self.assertEqual(cell.of_type("execute_result"), [])
        self.finish(cell)

    def test_the_heart_beats_while_a_loop_runs(self) -> None:
        heart = self.connected_socket(zmq.REQ, "hb")
        try:
            cell = self.started(self.send(self.snippet("spin_for", seconds=2)))
            heart.send(b"beat")
            self.assertTrue(heart.poll(30_000), "no heartbeat")
            self.assertEqual(heart.recv(), b"beat")
            self.assertIsNone(self.next_iopub(0.01), "the beat came only after the loop")
            self.finish(cell)
        finally:
            heart.close()

    def test_two_clients_both_see_the_output(self) -> None:
        other = self.km.blocking_client()
        other.start_channels()
        try:
            other.wait_for_ready(timeout=TIMEOUT)
            cell = self.run_ok(self.snippet("print", text="for all to see"))
            texts = []
            while not texts or not texts[-1].get("execution_state") == "idle":
                message = other.get_iopub_msg(timeout=TIMEOUT)
                if message["parent_header"].get("msg_id") == cell.msg_id:
                    texts.append(message["content"])
            self.assertIn("for all to see", "".join(t.get("text", "") for t in texts))
        finally:
            other.stop_channels()


class Debugger(KernelCase):
    def test_debug_requests_are_answered_where_a_debugger_is_declared(self) -> None:
        info = self.ask("kernel_info_request", {})
        if not info.get("debugger") and "debugger" not in info.get("supported_features", []):
            self.skipTest("the kernel declares no debugger")
        request = {"type": "request", "seq": 1, "command": "debugInfo", "arguments": {}}
        answer = self.ask("debug_request", request, channel="control")
        self.assertEqual(answer["type"], "response")
        self.assertTrue(answer["success"])


class Subshells(KernelCase):
    def setUp(self) -> None:
        super().setUp()
        if "kernel subshells" not in self.ask("kernel_info_request", {}).get("supported_features", []):
            self.skipTest("the kernel declares no subshells")

    def create(self) -> str:
        answer = self.ask("create_subshell_request", {}, channel="control")
        self.assertEqual(answer["status"], "ok")
        return answer["subshell_id"]

    def send_to(self, subshell: str, code: str) -> Cell:
        message = self.kc.session.msg("execute_request", {"code": code, "allow_stdin": False})
        message["header"]["subshell_id"] = subshell
        self.kc.shell_channel.send(message)
        return Cell(message["header"]["msg_id"])

    def test_they_are_created_listed_and_deleted(self) -> None:
        one = self.create()
        self.assertIn(one, self.ask("list_subshell_request", {}, channel="control")["subshell_id"])
        request = {"subshell_id": one}
        self.assertEqual(self.ask("delete_subshell_request", request, channel="control")["status"], "ok")
        self.assertNotIn(one, self.ask("list_subshell_request", {}, channel="control")["subshell_id"])

    def test_a_cell_of_one_runs_while_the_main_shell_waits(self) -> None:
        subshell = self.create()
        main = self.started(self.send(self.snippet("long_await")))
        beside = self.finish(self.send_to(subshell, self.snippet("print", text="beside")))
        self.assertEqual(beside.status, "ok", beside.shown)
        self.assertIn("beside", beside.stdout)
        self.assertEqual(beside.reply["parent_header"]["subshell_id"], subshell)
        self.km.interrupt_kernel()
        self.finish(main)
        self.assertEqual(main.status, "error", main.shown)

    def test_an_unknown_one_is_an_error(self) -> None:
        lost = self.finish(self.send_to("no such subshell", self.snippet("sum")))
        self.assertEqual(lost.status, "error")


class Usage(KernelCase):
    def test_usage_is_told_on_control(self) -> None:
        usage = self.ask("usage_request", {}, channel="control")
        self.assertGreater(usage["cpu_count"], 0)
        self.assertEqual(usage["pid"], self.km.provisioner.pid)
