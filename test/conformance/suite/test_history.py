"""History: what was run, in order, and what was kept out of it."""

from typing import Any

from harness import KernelCase


class History(KernelCase):
    def history(self, **content: Any) -> list:
        request = {"output": False, "raw": True, **content}
        answer = self.ask("history_request", request)
        self.assertEqual(answer["status"], "ok")
        return answer["history"]

    def inputs(self, n: int) -> list[str]:
        return [entry[2] for entry in self.history(hist_access_type="tail", n=n)]

    def test_the_tail_is_the_last_cells_in_order(self) -> None:
        for code in ("1 + 101", "1 + 102", "1 + 103"):
            self.run_ok(code)
        self.assertEqual(self.inputs(2), ["1 + 102", "1 + 103"])

    def test_lines_are_numbered_as_the_cells(self) -> None:
        cell = self.run_ok("1 + 104")
        entry = self.history(hist_access_type="tail", n=1)[0]
        self.assertEqual(entry[1], cell.reply["content"]["execution_count"])

    def test_silent_and_unstored_cells_are_left_out(self) -> None:
        self.run_ok("1 + 105")
        self.run_ok("1 + 106", silent=True)
        self.run_ok("1 + 107", store_history=False)
        self.assertEqual(self.inputs(1), ["1 + 105"])

    def test_failed_cells_are_in_it(self) -> None:
        self.run_error(self.snippet("error"))
        self.assertEqual(self.inputs(1), [self.snippet("error")])

    def test_a_range_of_this_session(self) -> None:
        first = self.run_ok("1 + 108").reply["content"]["execution_count"]
        self.run_ok("1 + 109")
        entries = self.history(hist_access_type="range", session=0, start=first, stop=first + 2)
        self.assertEqual([e[2] for e in entries], ["1 + 108", "1 + 109"])

    def test_outputs_come_when_asked_for(self) -> None:
        self.run_ok("1 + 110")
        entry = self.history(hist_access_type="tail", n=1, output=True)[0]
        self.assertEqual(entry[2][0], "1 + 110")
        self.assertEqual(len(entry[2]), 2)

    def test_a_search_by_pattern(self) -> None:
        for code in ("201 + 1", "202 + 1", "201 + 1"):
            self.run_ok(code)
        found = self.history(hist_access_type="search", pattern="20[12] + *", n=10, unique=True)
        self.assertEqual(sorted(e[2] for e in found), ["201 + 1", "202 + 1"])
