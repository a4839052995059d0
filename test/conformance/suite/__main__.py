"""Runs the protocol suite on one kernel: python -m suite KERNEL [--only WORD] [--results FD].

Each test's outcome is written to the file descriptor as one line of JSON as soon as it is known.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
import traceback
import unittest
from pathlib import Path
from typing import Any, TextIO

# The modules of this folder import one another by plain name, as unittest's own discovery does.
sys.path.insert(0, str(Path(__file__).parent))

import jupyter_kernel_test  # noqa: E402
from harness import KernelCase  # noqa: E402
from jupyter_client.manager import KernelManager  # noqa: E402
from languages import Language, language_of  # noqa: E402

# Some calls of jupyter_kernel_test wait forever; no test here may.
LIMIT = 120

MODULES = [
    "test_upstream",
    "test_info",
    "test_execute",
    "test_errors",
    "test_streams",
    "test_display",
    "test_input",
    "test_editor",
    "test_history",
    "test_comms",
    "test_interrupt",
    "test_lifecycle",
    "test_security",
    "test_notebooks",
    "test_debugger",
]


class Reporter(unittest.TestResult):
    """Writes one line a test. A test with a failed sub-test has failed."""

    def __init__(self, out: TextIO) -> None:
        super().__init__()
        self.out = out
        self.began = 0.0
        self.problems: list[str] = []
        self.skip = ""

    def startTest(self, test: unittest.TestCase) -> None:
        super().startTest(test)
        self.began, self.problems, self.skip = time.monotonic(), [], ""
        if hasattr(signal, "SIGALRM"):
            signal.signal(signal.SIGALRM, too_long)
            signal.alarm(LIMIT)

    def stopTest(self, test: unittest.TestCase) -> None:
        if hasattr(signal, "SIGALRM"):
            signal.alarm(0)
        outcome = "failed" if self.problems else "skipped" if self.skip else "passed"
        self.write(name_of(test), outcome, "\n".join(self.problems) or self.skip)
        super().stopTest(test)

    def addError(self, test: unittest.TestCase, err: Any) -> None:
        super().addError(test, err)
        if isinstance(test, unittest.TestCase):
            self.problems.append(describe(err))
        else:  # a whole class that could not be set up: its tests are never started
            self.began = time.monotonic()
            self.write(str(test), "failed", describe(err))

    def addFailure(self, test: unittest.TestCase, err: Any) -> None:
        super().addFailure(test, err)
        self.problems.append(describe(err))

    def addSubTest(self, test: unittest.TestCase, subtest: unittest.TestCase, err: Any) -> None:
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.problems.append(f"{subtest._subDescription()}: {describe(err)}")

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:
        super().addSkip(test, reason)
        # A sub-test that is left out leaves the rest of its test standing.
        if not hasattr(test, "_subDescription"):
            self.skip = reason

    def write(self, name: str, outcome: str, detail: str) -> None:
        seconds = round(time.monotonic() - self.began, 2)
        line = {"name": name, "outcome": outcome, "detail": detail, "seconds": seconds}
        print(json.dumps(line), file=self.out, flush=True)


def too_long(*_: object) -> None:
    raise TimeoutError(f"the test took longer than {LIMIT} s")


def name_of(test: unittest.TestCase) -> str:
    words = test._testMethodName.removeprefix("test_").replace("_", " ")
    return f"{type(test).__name__}: {words}"


def describe(err: Any) -> str:
    """The message, and the line of the test that found it."""
    frames = [f for f in traceback.extract_tb(err[2]) if Path(f.filename).name.startswith("test_")]
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    message = str(err[1]) or "no message"
    return f"{err[0].__name__}: {message[:2000]}{place}"


def tests_for(language: Language, only: list[str]) -> unittest.TestSuite:
    suite = unittest.TestSuite()
    for module in MODULES:
        for group in unittest.defaultTestLoader.loadTestsFromName(module):
            for test in group:
                configure(type(test), language)
                if all(word.lower() in name_of(test).lower() for word in only):
                    suite.addTest(test)
    return suite


def configure(case: type, language: Language) -> None:
    case.language = language
    case.kernel_name = language.kernel
    if issubclass(case, jupyter_kernel_test.KernelTests):
        case.language_name = language.name
        case.file_extension = language.file_extension
        for name, value in language.upstream.items():
            setattr(case, name, value)


def encrypt() -> None:
    """Has every kernel manager demand encryption, those of other suites too."""
    plain = KernelManager.__init__

    def demanding(self: KernelManager, *args: Any, **options: Any) -> None:
        plain(self, *args, **{"transport_encryption": "required", **options})

    KernelManager.__init__ = demanding  # type: ignore[method-assign]


def main() -> int:
    parser = argparse.ArgumentParser(prog="suite", description=__doc__)
    parser.add_argument("kernel", help="name of the kernelspec to test")
    parser.add_argument("--only", nargs="*", default=[], help="words that a test's name must have")
    parser.add_argument("--results", type=int, default=1, help="file descriptor for the outcomes")
    parser.add_argument("--encrypted", action="store_true", help="with transport_encryption='required'")
    options = parser.parse_args()
    if options.encrypted:
        encrypt()
    os.environ.setdefault("JUPYTER_PLATFORM_DIRS", "1")
    with os.fdopen(options.results, "w", encoding="utf-8") as out:
        tests_for(language_of(options.kernel), options.only).run(Reporter(out))
    return 0


if __name__ == "__main__":
    sys.exit(main())
