"""Comms: the channel of widgets."""

from harness import KernelCase


class Comms(KernelCase):
    def open_comm(self, identity: str, target: str) -> object:
        content = {"comm_id": identity, "target_name": target, "data": {"start": 1}}
        cell = self.request("comm_open", content)
        return self.gather(cell)

    def test_comm_info_is_answered(self) -> None:
        answer = self.ask("comm_info_request", {})
        self.assertEqual(answer["status"], "ok")
        self.assertIsInstance(answer["comms"], dict)

    def test_an_unknown_target_is_closed(self) -> None:
        cell = self.open_comm("nobody-1", "no such target")
        self.assertEqual([c["comm_id"] for c in cell.of_type("comm_close")], ["nobody-1"])
        self.assertNotIn("nobody-1", self.ask("comm_info_request", {})["comms"])

    def test_a_message_to_an_unknown_comm_does_no_harm(self) -> None:
        self.gather(self.request("comm_msg", {"comm_id": "never opened", "data": {}}))
        self.assert_alive()

    def test_a_registered_target_answers(self) -> None:
        self.run_ok(self.snippet("comm_target"))
        opened = self.open_comm("echo-1", "echo")
        self.assertEqual([c["data"] for c in opened.of_type("comm_msg")], [{"opened": 1}])
        self.assertEqual(self.ask("comm_info_request", {})["comms"]["echo-1"]["target_name"], "echo")

        said = self.gather(self.request("comm_msg", {"comm_id": "echo-1", "data": {"say": "hi"}}))
        self.assertEqual([c["data"] for c in said.of_type("comm_msg")], [{"echo": "hi"}])

        self.gather(self.request("comm_close", {"comm_id": "echo-1", "data": {}}))
        self.assertNotIn("echo-1", self.ask("comm_info_request", {})["comms"])

    def test_comm_info_may_ask_for_one_target(self) -> None:
        self.run_ok(self.snippet("comm_target"))
        self.open_comm("echo-2", "echo")
        named = self.ask("comm_info_request", {"target_name": "echo"})["comms"]
        self.assertIn("echo-2", named)
        self.assertEqual(self.ask("comm_info_request", {"target_name": "other"})["comms"], {})

    def test_code_may_open_a_comm(self) -> None:
        cell = self.run_ok(self.snippet("comm_open"))
        opened = cell.of_type("comm_open")
        self.assertEqual([c["target_name"] for c in opened], ["front-end"])
        self.assertEqual(opened[0]["data"], {"hello": "there"})
        said = cell.of_type("comm_msg")
        self.assertEqual([(c["comm_id"], c["data"]) for c in said], [(opened[0]["comm_id"], {"n": 1})])
