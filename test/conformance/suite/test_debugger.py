"""The Debug Adapter Protocol on the control channel (JEP 47): what ipykernel's own tests of its
debugger ask, and what JupyterLab's debugger asks besides."""

from __future__ import annotations

from typing import Any

from harness import TIMEOUT, Cell, KernelCase

CLIENT = {
    "clientID": "conformance",
    "clientName": "conformance",
    "adapterID": "",
    "pathFormat": "path",
    "linesStartAt1": True,
    "columnsStartAt1": True,
    "supportsVariableType": True,
    "supportsVariablePaging": True,
    "supportsRunInTerminalRequest": True,
    "locale": "en",
}


class Debugging(KernelCase):
    seq = 0

    def setUp(self) -> None:
        self.events: list[dict[str, Any]] = []
        super().setUp()
        if "debugger" not in self.ask("kernel_info_request", {}).get("supported_features", []):
            self.skipTest("the kernel has no debugger")
        self.capabilities = self.dap("initialize", **CLIENT)
        self.dap("attach")

    def tearDown(self) -> None:
        self.dap("disconnect", restart=False, terminateDebuggee=False)

    # --- requests and events ---------------------------------------------------------------------

    def sort_in(self, message: dict[str, Any], cell: Cell) -> None:
        if message["msg_type"] == "debug_event":
            self.events.append(message["content"])
        super().sort_in(message, cell)

    def reply_to(self, command: str, **arguments: Any) -> dict[str, Any]:
        """The whole answer to a request, whether or not it succeeded."""
        type(self).seq += 1
        content = {"type": "request", "seq": self.seq, "command": command, "arguments": arguments}
        request = self.request("debug_request", content, channel="control")
        self.reply_of(request, channel="control")
        return request.reply["content"]

    def dap(self, command: str, **arguments: Any) -> dict[str, Any]:
        reply = self.reply_to(command, **arguments)
        self.assertTrue(reply["success"], f"{command}: {reply}")
        return reply.get("body") or {}

    def event(self, name: str) -> dict[str, Any]:
        """The body of the next event of that name."""
        cell = Cell("")

        def come() -> bool:
            return any(event["event"] == name for event in self.events)

        if not come():
            self.gather(cell, timeout=TIMEOUT, until=lambda _: come())
        found = next(event for event in self.events if event["event"] == name)
        self.events.remove(found)
        return found.get("body") or {}

    # --- what tests begin with -------------------------------------------------------------------

    def stop_at(self, code: str, line: int, **more: Any) -> tuple[Cell, dict[str, Any]]:
        """Runs a cell that stops at a line of its own; gives it and its uppermost frame."""
        self.path = self.dap("dumpCell", code=code)["sourcePath"]
        points = self.dap(
            "setBreakpoints",
            source={"path": self.path},
            breakpoints=[{"line": line, **more}],
            sourceModified=False,
        )["breakpoints"]
        self.assertEqual([point["verified"] for point in points], [True])
        self.dap("configurationDone")
        cell = self.send(code)
        return cell, self.stopped("breakpoint")

    def stopped(self, reason: str) -> dict[str, Any]:
        body = self.event("stopped")
        self.assertEqual(body["reason"], reason)
        self.thread = body["threadId"]
        return self.dap("stackTrace", threadId=self.thread)["stackFrames"][0]

    def go_on(self, cell: Cell) -> Cell:
        self.dap("setBreakpoints", source={"path": self.path}, breakpoints=[])
        self.dap("continue", threadId=self.thread)
        self.finish(cell)
        self.assertEqual(cell.status, "ok", cell.shown)
        return cell

    def locals_of(self, frame: dict[str, Any]) -> dict[str, dict[str, Any]]:
        scope = self.dap("scopes", frameId=frame["id"])["scopes"][0]
        listed = self.dap("variables", variablesReference=scope["variablesReference"])
        return {variable["name"]: variable for variable in listed["variables"]}

    # --- tests -----------------------------------------------------------------------------------

    def test_it_says_what_it_can_do_and_that_it_has_started(self) -> None:
        for can in ("supportsConfigurationDoneRequest", "supportsConditionalBreakpoints"):
            self.assertTrue(self.capabilities[can], can)
        self.assertIn("debugger", self.ask("kernel_info_request", {})["supported_features"])
        info = self.dap("debugInfo")
        self.assertTrue(info["isStarted"])
        self.assertEqual(info["hashMethod"], "Murmur2")
        self.assertEqual([info["breakpoints"], info["stoppedThreads"]], [[], []])
        for key in ("hashSeed", "tmpFilePrefix", "tmpFileSuffix"):
            self.assertIn(key, info)

    def test_it_ends_and_starts_again(self) -> None:
        self.dap("disconnect", restart=False, terminateDebuggee=False)
        self.assertFalse(self.dap("debugInfo")["isStarted"])
        self.dap("initialize", **CLIENT)
        self.dap("attach")
        self.assertTrue(self.dap("debugInfo")["isStarted"])

    def test_a_cell_stops_at_a_breakpoint_and_goes_on(self) -> None:
        cell, frame = self.stop_at(self.snippet("debug_function"), 2)
        self.assertEqual([frame["name"], frame["line"]], ["f", 2])
        self.assertEqual(frame["source"]["path"], self.path)
        found = self.locals_of(frame)
        self.assertEqual([found[name]["value"] for name in ("a", "b")], ["2", "3"])
        self.assertEqual(self.go_on(cell).result, "5")

    def test_a_cell_that_begins_with_empty_lines_stops_where_it_is_told_to(self) -> None:
        cell, frame = self.stop_at("\n\n" + self.snippet("debug_function"), 4)
        self.assertEqual(frame["line"], 4)
        self.go_on(cell)

    def test_steps_go_over_in_and_out(self) -> None:
        cell, _ = self.stop_at(self.snippet("debug_calls"), 5)
        self.dap("stepIn", threadId=self.thread)
        self.assertEqual(self.stopped("step")["name"], "f")
        frame = {"line": 0}
        for _ in range(3):
            self.dap("next", threadId=self.thread)
            frame = self.stopped("step")
            if frame["line"] == 3:
                break
        self.assertEqual([frame["name"], frame["line"]], ["f", 3])
        self.assertEqual(self.locals_of(frame)["c"]["value"], "5")
        self.dap("stepOut", threadId=self.thread)
        self.assertNotEqual(self.stopped("step")["name"], "f")
        self.assertEqual(self.go_on(cell).result, "6")

    def test_a_condition_decides_whether_it_stops(self) -> None:
        cell, frame = self.stop_at(self.snippet("debug_loop"), 3, condition="i == 3")
        value = self.dap("evaluate", expression="i", frameId=frame["id"], context="watch")
        self.assertEqual(value["result"], "3")
        self.assertEqual(self.go_on(cell).result, "10")

    def test_expressions_are_evaluated_in_a_frame(self) -> None:
        cell, frame = self.stop_at(self.snippet("debug_function"), 2)
        for expression, result in (("a + b", "5"), ("a * 10 + b", "23")):
            body = self.dap("evaluate", expression=expression, frameId=frame["id"])
            self.assertEqual(body["result"], result)
        failed = self.reply_to(
            "evaluate", expression="nowhere + 1", frameId=frame["id"], context="watch"
        )
        self.assertFalse(failed["success"])
        self.assertIn("nowhere", failed["message"])
        self.go_on(cell)

    def test_an_error_stops_where_it_is_raised(self) -> None:
        code = self.snippet("debug_raise")
        self.path = self.dap("dumpCell", code=code)["sourcePath"]
        filters = [each["filter"] for each in self.capabilities["exceptionBreakpointFilters"]]
        self.dap("setExceptionBreakpoints", filters=filters)
        self.dap("configurationDone")
        cell = self.send(code)
        self.assertEqual(self.stopped("exception")["line"], 2)
        self.dap("setExceptionBreakpoints", filters=[])
        self.dap("continue", threadId=self.thread)
        self.finish(cell)
        self.assertEqual(cell.status, "error")

    def test_the_source_of_a_cell_is_given(self) -> None:
        code = self.snippet("debug_function")
        path = self.dap("dumpCell", code=code)["sourcePath"]
        self.assertEqual(self.dap("source", source={"path": path})["content"], code)

    def test_what_is_set_and_what_is_stopped_is_known(self) -> None:
        cell, _ = self.stop_at(self.snippet("debug_function"), 2)
        info = self.dap("debugInfo")
        self.assertIn(self.thread, info["stoppedThreads"])
        [known] = info["breakpoints"]
        self.assertEqual(known["source"], self.path)
        self.assertEqual([point["line"] for point in known["breakpoints"]], [2])
        self.go_on(cell)
        self.assertEqual(self.dap("debugInfo")["stoppedThreads"], [])

    def test_variables_are_listed_without_a_stop(self) -> None:
        self.run_ok(self.snippet("debug_values"))
        listed = self.dap("inspectVariables")["variables"]
        shown = {variable["name"]: variable for variable in listed}
        self.assertEqual([shown["left"]["value"], shown["right"]["value"]], ["40", "2"])
        self.assertTrue(shown["left"]["type"])
        rich = self.dap("richInspectVariables", variableName="left")
        self.assertEqual(rich["data"]["text/plain"], "40")

    def test_a_variable_of_a_frame_is_shown_as_a_result_would_be(self) -> None:
        cell, frame = self.stop_at(self.snippet("debug_function"), 2)
        rich = self.dap("richInspectVariables", variableName="a", frameId=frame["id"])
        self.assertEqual(rich["data"]["text/plain"], "2")
        self.go_on(cell)

    def test_a_variable_of_a_frame_is_copied_to_the_session(self) -> None:
        cell, frame = self.stop_at(self.snippet("debug_function"), 3)
        self.dap(
            "copyToGlobals",
            srcVariableName="c",
            dstVariableName="copied",
            srcFrameId=frame["id"],
        )
        self.go_on(cell)
        names = [variable["name"] for variable in self.dap("inspectVariables")["variables"]]
        self.assertIn("copied", names)

    def test_threads_are_named(self) -> None:
        threads = self.dap("threads")["threads"]
        self.assertTrue(threads)
        for thread in threads:
            self.assertTrue(thread["id"] and thread["name"])

    def test_an_unknown_request_fails_and_does_no_harm(self) -> None:
        self.assertFalse(self.reply_to("fly")["success"])
        self.assertTrue(self.dap("debugInfo")["isStarted"])
