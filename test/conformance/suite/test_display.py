"""Displays: MIME bundles, updates by identity, and clearing."""

from harness import KernelCase


class Display(KernelCase):
    def test_html_is_displayed(self) -> None:
        shown = self.run_ok(self.snippet("display_html")).of_type("display_data")
        self.assertEqual(len(shown), 1)
        self.assertEqual(shown[0]["data"]["text/html"], "<b>bold</b>")

    def test_bytes_become_base64(self) -> None:
        shown = self.run_ok(self.snippet("display_png")).of_type("display_data")
        self.assertEqual(shown[0]["data"]["image/png"].strip(), "iVBORw0KGgo=")

    def test_a_value_may_offer_several_forms(self) -> None:
        results = self.run_ok(self.snippet("rich_result")).of_type("execute_result")
        self.assertEqual(len(results), 1)
        self.assertEqual(results[0]["data"]["text/html"], "<i>rich</i>")
        self.assertIn("text/plain", results[0]["data"])

    def test_one_display_may_have_several_forms(self) -> None:
        shown = self.run_ok(self.snippet("display_bundle")).of_type("display_data")
        self.assertEqual(len(shown), 1)
        self.assertEqual(shown[0]["data"]["text/html"], "<i>rich</i>")
        self.assertEqual(shown[0]["data"]["text/plain"], "plain")

    def test_json_comes_as_an_object(self) -> None:
        shown = self.run_ok(self.snippet("display_json")).of_type("display_data")
        self.assertEqual(shown[0]["data"]["application/json"], {"a": [1, 2]})

    def test_a_display_is_updated_in_place(self) -> None:
        cell = self.run_ok(self.snippet("display_update"))
        first, update = cell.of_type("display_data"), cell.of_type("update_display_data")
        self.assertEqual((len(first), len(update)), (1, 1), cell.shown)
        identity = first[0]["transient"]["display_id"]
        self.assertTrue(identity)
        self.assertEqual(update[0]["transient"]["display_id"], identity)
        self.assertEqual(first[0]["data"]["text/html"], "<b>one</b>")
        self.assertEqual(update[0]["data"]["text/html"], "<b>two</b>")

    def test_a_later_cell_may_update_it(self) -> None:
        cell = self.run_ok(self.snippet("display_update"))
        identity = cell.of_type("display_data")[0]["transient"]["display_id"]
        later = self.run_ok(self.snippet("display_update_later")).of_type("update_display_data")
        self.assertEqual([u["transient"]["display_id"] for u in later], [identity])

    def test_displays_and_prints_keep_their_order(self) -> None:
        cell = self.run_ok(self.snippet("display_between_prints"))
        kinds = [m["msg_type"] for m in cell.messages if m["msg_type"] in ("stream", "display_data")]
        self.assertEqual(kinds, ["stream", "display_data", "stream"])

    def test_20000_updates_are_complete_before_idle(self) -> None:
        cell = self.run_ok(self.snippet("display_update_loop", count=20_000))
        updates = [u["data"]["text/html"] for u in cell.of_type("update_display_data")]
        self.assertEqual(len(updates), 20_000)
        self.assertEqual(updates, [f"<b>{i}</b>" for i in range(20_000)])


class ClearOutput(KernelCase):
    def test_clear_output_is_sent(self) -> None:
        cleared = self.run_ok(self.snippet("clear_output")).of_type("clear_output")
        self.assertEqual(cleared, [{"wait": False}])

    def test_clear_output_may_wait(self) -> None:
        cleared = self.run_ok(self.snippet("clear_output_wait")).of_type("clear_output")
        self.assertEqual(cleared, [{"wait": True}])

    def test_it_stands_between_what_was_printed_before_and_after(self) -> None:
        code = "\n".join(
            [
                self.snippet("print", text="before"),
                self.snippet("clear_output"),
                self.snippet("print", text="after"),
            ]
        )
        cell = self.run_ok(code)
        kinds = [m["msg_type"] for m in cell.messages if m["msg_type"] in ("stream", "clear_output")]
        self.assertEqual(kinds, ["stream", "clear_output", "stream"])
