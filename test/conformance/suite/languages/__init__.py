"""The same tests in several languages: what differs is the code of the cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Language:
    """A kernel's name, its language, and the code that each test runs."""

    kernel: str
    name: str
    file_extension: str
    snippets: dict[str, str | None]
    upstream: dict[str, Any]

    def code(self, key: str, /, **values: object) -> str | None:
        """The cell of that key with its <<places>> filled in, or None where there is none."""
        code = self.snippets.get(key)
        for place, value in values.items():
            code = code and code.replace(f"<<{place}>>", str(value))
        return code


def language_of(kernel: str) -> Language:
    if kernel == "python3":
        from . import python as module
    else:
        from . import typescript as module
    return Language(kernel, module.NAME, module.FILE_EXTENSION, module.SNIPPETS, module.UPSTREAM)
