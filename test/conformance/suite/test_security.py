"""Signatures and garbage: what the kernel must not listen to, and must survive."""

from __future__ import annotations

from typing import Any

import zmq

from harness import KernelCase

DELIMITER = b"<IDS|MSG>"


class Security(KernelCase):
    def setUp(self) -> None:
        super().setUp()
        self.socket = self.connected_socket(zmq.DEALER, "shell")

    def tearDown(self) -> None:
        self.socket.close()

    def frames(self, code: str) -> list[bytes]:
        """A well-signed execute_request: delimiter, signature, header, parent, metadata, content."""
        message = self.kc.session.msg(
            "execute_request",
            {
                "code": code,
                "silent": False,
                "store_history": True,
                "user_expressions": {},
                "allow_stdin": False,
                "stop_on_error": True,
            },
        )
        return self.kc.session.serialize(message)

    def fence(self) -> None:
        """An honest request on the same socket: once it is answered, all before it was handled."""
        message = self.kc.session.msg("kernel_info_request", {})
        self.socket.send_multipart(self.kc.session.serialize(message))
        self.assertTrue(self.socket.poll(30_000), "the kernel no longer answers this socket")
        self.answer()

    def answer(self) -> dict[str, Any]:
        _, parts = self.kc.session.feed_identities(self.socket.recv_multipart())
        return self.kc.session.deserialize(parts)

    def assert_value(self, value: str) -> None:
        self.assertEqual(self.run_ok("guarded").result, value)

    def test_an_unsigned_message_is_dropped(self) -> None:
        self.run_ok(self.snippet("define", name="guarded", value=1))
        frames = self.frames(self.snippet("assign", name="guarded", value=2))
        frames[frames.index(DELIMITER) + 1] = b""
        self.socket.send_multipart(frames)
        self.fence()
        self.assert_value("1")

    def test_a_wrongly_signed_message_is_dropped(self) -> None:
        self.run_ok(self.snippet("define", name="guarded", value=1))
        frames = self.frames(self.snippet("assign", name="guarded", value=2))
        frames[frames.index(DELIMITER) + 1] = b"0" * 64
        self.socket.send_multipart(frames)
        self.fence()
        self.assert_value("1")

    def test_a_changed_message_is_dropped(self) -> None:
        self.run_ok(self.snippet("define", name="guarded", value=1))
        frames = self.frames(self.snippet("assign", name="guarded", value=2))
        frames[-1] = frames[-1].replace(b"2", b"3")
        self.socket.send_multipart(frames)
        self.fence()
        self.assert_value("1")

    def test_a_replayed_message_is_dropped(self) -> None:
        self.run_ok(self.snippet("define", name="guarded", value=1))
        frames = self.frames(self.snippet("increment", name="guarded"))
        self.socket.send_multipart(frames)
        self.assertTrue(self.socket.poll(30_000))
        self.assertEqual(self.answer()["content"]["status"], "ok")
        self.socket.send_multipart(frames)
        self.fence()
        self.assert_value("2")

    def test_garbage_does_no_harm(self) -> None:
        for frames in (
            [b"garbage"],
            [b""],
            [DELIMITER],
            [DELIMITER, b"signature"],
            [DELIMITER, b"", b"{", b"{", b"{", b"{"],
            [b"\xff\xfe", DELIMITER, b"", b"{}", b"{}", b"{}", b"{}"],
        ):
            self.socket.send_multipart(frames)
        self.fence()
        self.assert_alive()

    def test_signed_nonsense_does_no_harm(self) -> None:
        session = self.kc.session
        for parts in (
            [b"not json"] * 4,
            [b"[]", b"{}", b"{}", b"{}"],
            [b"{}", b"{}", b"{}", b"{}"],
            [b"null", b"null", b"null", b"null"],
            [b'{"msg_id":"m","msg_type":"execute_request"}', b"{}", b"{}", b"{}"],
        ):
            self.socket.send_multipart([DELIMITER, session.sign(parts), *parts])
        message = session.msg("complete_request", {"code": None, "cursor_pos": "x"})
        self.socket.send_multipart(session.serialize(message))
        # Whatever was answered to the nonsense is read away before the fence.
        probe = session.msg("kernel_info_request", {})
        self.socket.send_multipart(session.serialize(probe))
        while True:
            self.assertTrue(self.socket.poll(30_000), "the kernel no longer answers")
            if self.answer()["msg_type"] == "kernel_info_reply":
                break
        self.assert_alive()

    def test_an_unknown_message_type_does_no_harm(self) -> None:
        self.request("no_such_request", {"a": 1})
        self.request("no_such_request", {"a": 1}, channel="control")
        self.assert_alive()
