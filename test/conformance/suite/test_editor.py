"""The editor's help: completion and inspection, with positions counted in code points."""

from typing import Any

from harness import KernelCase


class Completion(KernelCase):
    def complete(self, marked: str) -> dict[str, Any]:
        """Completes at the mark ‸ in the code; the answer gains `code`, without the mark."""
        before, _, after = marked.partition("‸")
        content = self.ask(
            "complete_request", {"code": before + after, "cursor_pos": len(before)}
        )
        self.assertEqual(content["status"], "ok")
        return {**content, "code": before + after}

    def assert_completes(self, marked: str, completed: str) -> None:
        """One of the matches, put in where the answer says, gives the completed code."""
        answer = self.complete(marked)
        code, start, end = answer["code"], answer["cursor_start"], answer["cursor_end"]
        offered = [code[:start] + match + code[end:] for match in answer["matches"]]
        self.assertIn(completed, offered[:50])

    def test_members_of_a_value_of_an_earlier_cell(self) -> None:
        self.run_ok(self.snippet("define_person"))
        for member in ("height", "hobby"):
            self.assert_completes("person.h‸", f"person.{member}")

    def test_a_name_of_an_earlier_cell(self) -> None:
        self.run_ok(self.snippet("define", name="remarkable", value=1))
        self.assert_completes("remarka‸", "remarkable")

    def test_a_name_declared_in_the_same_cell_that_never_ran(self) -> None:
        code = self.snippet("define", name="unseen_before", value=1)
        self.assert_completes(f"{code}\nunseen_b‸", f"{code}\nunseen_before")

    def test_in_the_middle_of_a_cell(self) -> None:
        self.run_ok(self.snippet("define", name="remarkable", value=1))
        self.assert_completes("remarka‸ + 1\n2", "remarkable + 1\n2")

    def test_after_emoji(self) -> None:
        self.run_ok(self.snippet("define_person"))
        self.assert_completes('"😀👩‍🚀"; person.he‸', '"😀👩‍🚀"; person.height')

    def test_nothing_to_offer_is_no_error(self) -> None:
        self.assertEqual(self.complete("zzzz_no_such_name‸")["matches"], [])

    def test_a_syntax_error_elsewhere_does_not_stop_it(self) -> None:
        self.run_ok(self.snippet("define_person"))
        self.assert_completes("x = = ;\nperson.he‸", "x = = ;\nperson.height")

    def test_option_names(self) -> None:
        self.run_ok(self.snippet("define_options"))
        marked = self.snippet("complete_option_name")
        self.assertIn("colour", self.complete(marked)["matches"])

    def test_string_unions(self) -> None:
        self.run_ok(self.snippet("define_options"))
        matches = self.complete(self.snippet("complete_string_union"))["matches"]
        self.assertEqual({m.strip("\"'") for m in matches}, {"red", "green"})

    def test_import_paths(self) -> None:
        self.assertIn("fs", self.complete(self.snippet("complete_import_path"))["matches"])

    def test_members_of_a_large_library(self) -> None:
        self.run_ok(self.snippet("import_library"))
        matches = self.complete(self.snippet("complete_library_member"))["matches"]
        self.assertIn("matMul", matches)


class Inspection(KernelCase):
    def inspect(self, marked: str, detail_level: int = 0) -> dict[str, Any]:
        before, _, after = marked.partition("‸")
        content = self.ask(
            "inspect_request",
            {"code": before + after, "cursor_pos": len(before), "detail_level": detail_level},
        )
        self.assertEqual(content["status"], "ok")
        return content

    def text(self, marked: str) -> str:
        content = self.inspect(marked)
        self.assertTrue(content["found"])
        return content["data"]["text/plain"]

    def test_signature_and_doc_comment(self) -> None:
        self.run_ok(self.snippet("define_documented"))
        text = self.text("doubl‸ed(2)")
        self.assertIn("Twice the number", text)
        self.assertIn("amount", text)

    def test_inside_the_parentheses(self) -> None:
        self.run_ok(self.snippet("define_documented"))
        self.assertIn("Twice the number", self.text("doubled(‸)"))

    def test_after_emoji(self) -> None:
        self.run_ok(self.snippet("define_documented"))
        self.assertIn("Twice the number", self.text('"😀👩‍🚀"; doubled‸'))

    def test_what_is_not_known_is_not_found(self) -> None:
        content = self.inspect("zzzz_no_such_name‸")
        self.assertFalse(content["found"])
        self.assertEqual(content["data"], {})

    def test_beside_nothing_is_not_found(self) -> None:
        self.assertFalse(self.inspect("   ‸   ")["found"])

    def test_a_large_librarys_function(self) -> None:
        self.run_ok(self.snippet("import_library"))
        self.assertIn("matMul", self.text(self.snippet("inspect_library")))


class IsComplete(KernelCase):
    def status(self, code: str) -> dict[str, Any]:
        return self.ask("is_complete_request", {"code": code})

    def test_complete_incomplete_and_invalid(self) -> None:
        for status in ("complete", "incomplete", "invalid"):
            for code in self.language.upstream[f"{status}_code_samples"]:
                with self.subTest(status=status, code=code):
                    self.assertEqual(self.status(code)["status"], status)

    def test_an_incomplete_block_suggests_an_indent(self) -> None:
        answer = self.status(self.snippet("open_block"))
        self.assertEqual(answer["status"], "incomplete")
        self.assertRegex(answer["indent"], r"^\s+$")
