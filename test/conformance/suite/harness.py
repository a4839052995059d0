"""What every protocol test stands on: one kernel a class, and a cell's messages gathered.

jupyter_kernel_test takes a message of another request as a failure and waits 0.1 s for the next
one. Here messages are kept under the request that they answer, so that a test can ask both "what
did this cell say" and "who said something out of turn".
"""

from __future__ import annotations

import os
import time
import unittest
from dataclasses import dataclass, field
from queue import Empty
from typing import Any

import zmq
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from languages import Language

# Long enough for a loaded two-core machine: no test measures time with it.
TIMEOUT = 40


@dataclass
class Cell:
    """All that came back for one request, in the order of its arrival."""

    msg_id: str
    reply: dict[str, Any] = field(default_factory=dict)
    messages: list[dict[str, Any]] = field(default_factory=list)

    def of_type(self, msg_type: str) -> list[dict[str, Any]]:
        return [m["content"] for m in self.messages if m["msg_type"] == msg_type]

    def text(self, stream: str) -> str:
        return "".join(c["text"] for c in self.of_type("stream") if c["name"] == stream)

    @property
    def stdout(self) -> str:
        return self.text("stdout")

    @property
    def stderr(self) -> str:
        return self.text("stderr")

    @property
    def result(self) -> str | None:
        """The text/plain form of the cell's value, or None where it has none."""
        results = self.of_type("execute_result")
        return results[0]["data"].get("text/plain") if results else None

    @property
    def status(self) -> str:
        return self.reply["content"]["status"]

    @property
    def shown(self) -> str:
        """Everything that a reader of the cell would see, for messages of failed assertions."""
        errors = ["\n".join(c["traceback"]) for c in self.of_type("error")]
        return "\n".join([self.stdout, self.stderr, self.result or "", *errors])[-1500:]


class KernelCase(unittest.TestCase):
    """Tests on one shared kernel, replaced where a test before has left it dead."""

    language: Language
    km: KernelManager
    kc: BlockingKernelClient
    # Messages and replies that belong to requests other than the one that was waited for.
    strays: dict[str, Cell]
    replies: dict[str, dict[str, Any]]

    @classmethod
    def setUpClass(cls) -> None:
        cls.start()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.stop()

    @classmethod
    def manager(cls, **options: Any) -> KernelManager:
        return KernelManager(kernel_name=cls.language.kernel, **options)

    @classmethod
    def start(cls, **options: Any) -> None:
        cls.km = cls.manager(**options)
        cls.km.start_kernel()
        cls.kc = cls.connect()

    @classmethod
    def connect(cls) -> BlockingKernelClient:
        kc = cls.km.blocking_client()
        kc.start_channels()
        kc.wait_for_ready(timeout=TIMEOUT)
        cls.strays, cls.replies = {}, {}
        return kc

    @classmethod
    def stop(cls) -> None:
        cls.kc.stop_channels()
        cls.km.shutdown_kernel(now=True)

    def setUp(self) -> None:
        """Gives each test a kernel that answers, so that no test fails for the one before it."""
        try:
            self.settle()
        except AssertionError:
            type(self).stop()
            type(self).start()

    def settle(self) -> None:
        deadline = time.monotonic() + 10
        while self.run_cell(self.snippet("sum"), timeout=10).status != "ok":
            if time.monotonic() > deadline:
                self.fail("the kernel runs no cell any more")
            time.sleep(0.05)
        self.strays.clear()
        self.replies.clear()

    def snippet(self, key: str, /, **values: object) -> str:
        """The language's code of that key; skips the test where the language has no counterpart."""
        code = self.language.code(key, **values)
        if code is None:
            self.skipTest(f"no counterpart in {self.language.name}")
        return code

    # --- sending ---------------------------------------------------------------------------------

    def send(self, code: str, **options: Any) -> Cell:
        """Sends a cell and does not wait. stdin is refused unless a test asks for it."""
        options.setdefault("allow_stdin", False)
        return Cell(self.kc.execute(code, **options))

    def request(self, msg_type: str, content: dict[str, Any], channel: str = "shell") -> Cell:
        message = self.kc.session.msg(msg_type, content)
        getattr(self.kc, f"{channel}_channel").send(message)
        return Cell(message["header"]["msg_id"])

    def connected_socket(self, kind: int, channel: str) -> zmq.Socket:
        """A socket of a test's own, which the test closes; it has keys where the kernel wants them."""
        socket = zmq.Context.instance().socket(kind)
        socket.linger = 0
        server = getattr(self.kc, "curve_publickey", None)
        if server is not None:
            socket.curve_serverkey = server
            socket.curve_publickey, socket.curve_secretkey = zmq.curve_keypair()
        socket.connect(self.kc._make_url(channel))
        return socket

    # --- receiving -------------------------------------------------------------------------------

    def next_iopub(self, timeout: float) -> dict[str, Any] | None:
        try:
            return self.kc.get_iopub_msg(timeout=timeout)
        except Empty:
            return None

    def gather(self, cell: Cell, timeout: float = TIMEOUT, until: Any = None) -> Cell:
        """Collects iopub messages until the cell is idle (or `until` says so), then stops.

        Messages of other requests go to `strays`, under their own request.
        """
        early = self.strays.pop(cell.msg_id, None)
        if early is not None:
            cell.messages = early.messages + cell.messages
        deadline = time.monotonic() + timeout
        while not (until(cell) if until else is_idle(cell)):
            message = self.next_iopub(min(1.0, max(0.01, deadline - time.monotonic())))
            if message is None:
                if not self.km.is_alive():
                    self.fail("the kernel died")
                if time.monotonic() > deadline:
                    self.fail(f"not idle after {timeout:.0f} s; it said: {cell.shown!r}")
                continue
            self.sort_in(message, cell)
        return cell

    def sort_in(self, message: dict[str, Any], cell: Cell) -> None:
        parent = message["parent_header"].get("msg_id", "")
        if parent == cell.msg_id:
            cell.messages.append(message)
        else:
            self.strays.setdefault(parent, Cell(parent)).messages.append(message)

    def reply_of(self, cell: Cell, channel: str = "shell", timeout: float = TIMEOUT) -> Cell:
        """Waits for the request's reply. Those to other requests are kept for who asks for them."""
        deadline = time.monotonic() + timeout
        while cell.msg_id not in self.replies:
            try:
                get = getattr(self.kc, f"get_{channel}_msg")
                message = get(timeout=min(1.0, max(0.01, deadline - time.monotonic())))
            except Empty:
                if not self.km.is_alive():
                    self.fail("the kernel died")
                if time.monotonic() > deadline:
                    self.fail(f"no reply on {channel} after {timeout:.0f} s")
                continue
            self.replies[message["parent_header"].get("msg_id", "")] = message
        cell.reply = self.replies.pop(cell.msg_id)
        return cell

    def run_cell(self, code: str, timeout: float = TIMEOUT, **options: Any) -> Cell:
        """Runs a cell to its end: the reply, and everything on iopub up to its idle."""
        return self.finish(self.send(code, **options), timeout)

    def finish(self, cell: Cell, timeout: float = TIMEOUT) -> Cell:
        self.reply_of(cell, timeout=timeout)
        return self.gather(cell, timeout)

    def run_ok(self, code: str, timeout: float = TIMEOUT, **options: Any) -> Cell:
        cell = self.run_cell(code, timeout, **options)
        self.assertEqual(cell.status, "ok", cell.shown)
        return cell

    def run_error(self, code: str, timeout: float = TIMEOUT, **options: Any) -> Cell:
        cell = self.run_cell(code, timeout, **options)
        self.assertEqual(cell.status, "error", cell.shown)
        return cell

    def ask(self, msg_type: str, content: dict[str, Any], channel: str = "shell") -> dict[str, Any]:
        """Sends a request, waits for its idle, and returns the content of the reply."""
        cell = self.request(msg_type, content, channel)
        self.reply_of(cell, channel)
        self.gather(cell)
        self.assertEqual(cell.reply["msg_type"], msg_type.replace("_request", "_reply"))
        return cell.reply["content"]

    # --- waiting for a state ---------------------------------------------------------------------

    def started(self, cell: Cell, mark: str = "started") -> Cell:
        """Waits until the cell's own code has printed the mark, so that it surely runs."""
        return self.gather(cell, until=lambda c: mark in c.stdout)

    def assert_alive(self) -> None:
        """The kernel answers a fresh cell correctly."""
        self.assertTrue(self.km.is_alive(), "the kernel is dead")
        self.assertEqual(self.run_ok(self.snippet("sum")).result, "579")


def is_idle(cell: Cell) -> bool:
    return any(c["execution_state"] == "idle" for c in cell.of_type("status"))


def wait_until(condition: Any, timeout: float = TIMEOUT) -> bool:
    """Polls a condition about processes or files, of which no message tells."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def process_runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A killed child stays a zombie until its parent asks; that is no running process.
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return os.name != "posix" or not os.path.isdir("/proc")
