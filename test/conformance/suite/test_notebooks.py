"""Whole notebooks through nbclient, the way CI and nbconvert run them."""

from __future__ import annotations

import unittest

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from harness import TIMEOUT
from languages import Language


class Notebooks(unittest.TestCase):
    language: Language

    def snippet(self, key: str, /, **values: object) -> str:
        return self.language.code(key, **values) or ""

    def execute(self, sources: list[str], **options: object) -> nbformat.NotebookNode:
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        notebook = nbformat.v4.new_notebook(cells=cells)
        for cell in cells:
            if cell.source == self.snippet("error"):
                cell.metadata["tags"] = ["raises-exception"] if options.get("tagged") else []
        options.pop("tagged", None)
        client = NotebookClient(
            notebook, kernel_name=self.language.kernel, timeout=TIMEOUT, **options
        )
        return client.execute()

    def test_500_cells_lose_nothing(self) -> None:
        sources = [
            self.snippet("print", text=f"cell {i}") + f"\n{i} + 1000" for i in range(500)
        ]
        notebook = self.execute(sources)
        for i, cell in enumerate(notebook.cells):
            self.assertEqual(cell.execution_count, i + 1)
            # A front end joins neighbouring pieces of one stream; nbclient stores them as they came.
            *streams, result = cell.outputs
            self.assertEqual("".join(o.text for o in streams), f"cell {i}\n")
            self.assertEqual(result.data["text/plain"], str(i + 1000))

    def test_the_cell_after_an_expected_error_runs(self) -> None:
        sources = [self.snippet("error"), self.snippet("sum")] * 20
        notebook = self.execute(sources, tagged=True)
        for failed, following in zip(notebook.cells[::2], notebook.cells[1::2]):
            self.assertEqual([o.output_type for o in failed.outputs], ["error"])
            self.assertEqual([o.output_type for o in following.outputs], ["execute_result"])

    def test_an_unexpected_error_fails_the_notebook(self) -> None:
        with self.assertRaises(CellExecutionError) as caught:
            self.execute([self.snippet("sum"), self.snippet("error"), self.snippet("sum")])
        self.assertEqual(caught.exception.evalue, "boom")

    def test_updates_change_the_display_of_an_earlier_cell(self) -> None:
        notebook = self.execute(
            [self.snippet("display_update"), self.snippet("display_update_later")]
        )
        self.assertEqual(len(notebook.cells[0].outputs), 1)
        self.assertEqual(notebook.cells[0].outputs[0].data["text/html"], "<b>three</b>")
        self.assertEqual(notebook.cells[1].outputs, [])
