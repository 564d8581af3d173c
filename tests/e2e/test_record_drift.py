"""What contradicts the documentation is told while it is recorded, and is in the ledger in the end."""
import json
import re

from recorder import Recorder
from support import CREATE, VOLC, Case, Mock, accord, main


class Contradictions(Case):
    def record(self, *arguments, mutant=None):
        """A recorder before a mock, which does one thing wrong where a mutant is named."""
        mock = Mock(*(["--mutant", mutant] if mutant else []))
        self.addCleanup(mock.__exit__)
        recorder = Recorder(self.folder, "--upstream", mock.url, "--pass-through", *arguments)
        self.addCleanup(recorder.__exit__)
        return recorder

    def first_mutant(self, pattern):
        listed = accord("mock", "--list-mutants")
        self.assert_exit(listed, 0)
        found = [line.split()[0] for line in listed.stdout.splitlines() if re.search(pattern, line)]
        self.assertTrue(found, pattern)
        return found[0]

    def test_a_line_as_it_happens_and_an_entry_in_the_ledger(self):
        ledger = self.folder / "drift.json"
        mutant = self.first_mutant(rf"^{CREATE}/error-field-added")
        recorder = self.record("--drift", ledger, mutant=mutant)
        accord("run", "--target", recorder.url, CREATE + "/success", CREATE + "/error")
        recorder.wait_for_line("drift: exchange")
        code, out = recorder.stop()
        self.assertEqual(code, 0, recorder.lines)
        told = [line for line in recorder.lines if "drift: exchange" in line]
        self.assertTrue(all(CREATE in line for line in told), told)
        self.assertIn(f"{ledger}: ", out)
        entries = json.loads(ledger.read_text(encoding="utf-8"))
        self.assertIn(CREATE, json.dumps(entries))
        again = self.folder / "again.json"
        self.assert_exit(accord("drift", "add", again, recorder.journal), 0)
        self.assertIn(CREATE, again.read_text(encoding="utf-8"))

    def test_nothing_is_told_of_what_conforms(self):
        recorder = self.record()
        self.assert_exit(accord("run", "--target", recorder.url, VOLC + "/success", VOLC + "/error"), 0)
        code, _ = recorder.stop()
        self.assertEqual(code, 0)
        self.assertEqual([line for line in recorder.lines if "drift" in line], [])

    def test_a_preview_of_what_redaction_replaces(self):
        recorder = self.record("--preview")
        self.assert_exit(accord("run", "--target", recorder.url, VOLC + "/success"), 0)
        code, out = recorder.stop()
        self.assertEqual(code, 0, recorder.lines)
        self.assertRegex(out, r"ep-\w+ -> ep-\w+ \(\d+ times, first in exchange \d+")


if __name__ == "__main__":
    main()
