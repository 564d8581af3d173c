"""What the documents say is true: links lead somewhere, commands run, examples load, numbers are those of the
data. test_docs.py [ACCORD]: the program is the argument, or the variable ACCORD."""
import collections
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

from jsonschema import Draft202012Validator

if len(sys.argv) > 1 and pathlib.Path(sys.argv[1]).is_file():
    os.environ["ACCORD"] = str(pathlib.Path(sys.argv.pop(1)).resolve())

from support import CREATE, FIVE, ROOT, Case, Mock, accord, main  # noqa: E402 (reads ACCORD)

CASES = ROOT / "cases"
SCHEMAS = CASES / "schema"
LINK = re.compile(r"\[[^\]\n]+\]\(([^)\s]+)\)")
FENCE = re.compile(r"^( *)```.*?^\1```$", re.MULTILINE | re.DOTALL)
# A block of the README whose commands are run; the number is the exit code of each.
RUNNABLE = re.compile(r"<!-- run: (\d+) -->\n```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# A whole case file in a document, and the operation it belongs to.
EXAMPLE = re.compile(r"<!-- example: (\S+) -->\n```json\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CASE_ID = re.compile(r"(?<![\w/])(?:alibaba|volcengine)/[a-z]+/\d{4}-\d\d-\d\d/[A-Za-z]+/[A-Za-z0-9._%/-]+")


def documents():
    listing = subprocess.run([ROOT / "tools/lint", "files", "*.md"], capture_output=True, text=True, check=True)
    return [ROOT / line for line in listing.stdout.splitlines()]


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def anchors(text):
    """Names of the headings as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def listed(*arguments):
    result = accord("list", *arguments)
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()


class Links(Case):
    def test_every_link_leads_to_a_file_and_a_heading(self):
        for document in documents():
            text = re.sub(r"`[^`\n]*`", "", FENCE.sub("", document.read_text(encoding="utf-8")))
            for link in LINK.findall(text):
                if re.match(r"[a-z]+:", link):
                    continue
                with self.subTest(document=document.name, link=link):
                    name, _, anchor = link.partition("#")
                    target = document.parent / name if name else document
                    self.assertTrue(target.exists(), "no such file")
                    known = anchors(target.read_text(encoding="utf-8")) if anchor else {""}
                    self.assertTrue(anchor in known, "no such heading")

    def test_every_file_that_is_named_exists(self):
        named = re.compile(r"`((?:[A-Za-z0-9_.-]+/)*[A-Za-z0-9_-]+\.(?:c|h|json|md|py|txt|cmake|1))`")
        folders = [ROOT, ROOT / "harness", ROOT / "docs", SCHEMAS, *(ROOT / "harness").iterdir(), ROOT / "tests/unit"]
        for document in documents():
            for name in named.findall(document.read_text(encoding="utf-8")):
                with self.subTest(document=document.name, file=name):
                    found = any((folder / name).exists() for folder in folders)
                    self.assertTrue(found or name in ("contract.json", "provider.json"), "no such file")

    def test_every_guide_is_in_the_readme(self):
        for guide in (ROOT / "docs").glob("*.md"):
            self.assertTrue(f"(docs/{guide.name})" in read("README.md"), f"README.md lacks docs/{guide.name}")


class Readme(Case):
    def commands(self):
        """(exit code, command, expected lines of output) of every runnable block."""
        for code, block in RUNNABLE.findall(read("README.md")):
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, *output = part.splitlines()
                yield int(code), command, output

    def assert_output(self, expected, observed):
        """A line of three dots stands for any lines."""
        at = 0
        for piece in "\n".join(expected).split("\n…"):
            lines = piece.strip("\n")
            found = observed.find(lines, at)
            self.assertGreaterEqual(found, 0, f"the program does not print:\n{lines}\n\nbut:\n{observed}")
            at = found + len(lines)

    def test_commands_run_and_print_what_it_shows(self):
        count = 0
        with Mock() as mock:
            for code, command, output in self.commands():
                words = shlex.split(command.replace("http://127.0.0.1:8000", mock.url))
                with self.subTest(command=command):
                    self.assertEqual(words[0], "accord")
                    result = accord(*words[1:], cwd=self.folder)
                    self.assert_exit(result, code)
                    if output:
                        self.assert_output(output, result.stdout)
                count += 1
        self.assertGreater(count, 5)

    def test_the_numbers_of_the_five_operations_are_those_of_the_data(self):
        rows = re.findall(r"^\| `([^`]+)` \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", read("README.md"), re.MULTILINE)
        self.assertEqual(sorted(row[0] for row in rows), sorted(FIVE))
        for operation, *numbers in rows:
            contract = load(CASES / operation / "contract.json")
            counted = [len(contract["parameters"]), len(contract["response"]["fields"]),
                       len(contract.get("errors", [])), len(listed(operation))]
            self.assertEqual([int(number) for number in numbers], counted, operation)

    def test_the_number_of_rows_that_requests_verify_is_that_of_a_run(self):
        claimed = re.search(r"(\d+) of the (\d+) error rows", read("README.md"))
        result = accord("run", "--no-states", *FIVE)
        self.assert_exit(result, 0)
        self.assertIn(f"; {claimed[1]} of {claimed[2]} documented errors verified.", result.stdout)

    def test_exit_codes_are_those_of_the_program(self):
        table = read("README.md").partition("| exit code |")[2].partition("\n\n")[0]
        self.assertEqual(re.findall(r"^\| (\d+) \|", table, re.MULTILINE), ["0", "1", "2", "3", "4", "130"])
        self.assert_exit(accord("run", "--target", "http://127.0.0.1:1", CREATE), 3)
        self.assert_exit(accord("run", "no/such/case"), 2)


class DerivedCases(Case):
    def test_every_id_names_a_case(self):
        ids = set(listed())
        prefixes = {"/".join(parts[:n]) for parts in (i.split("/") for i in ids) for n in range(4, len(parts) + 1)}
        for document in ("README.md", "docs/derived-cases.md"):
            found = CASE_ID.findall(read(document))
            self.assertTrue(found)
            for name in found:
                self.assertTrue(name in prefixes, f"{document}: there is no case {name}")

    def test_every_group_is_described(self):
        text = read("docs/derived-cases.md")
        derived = collections.Counter()
        for line in listed("--json"):
            derived[json.loads(line)["group"]] += 1
        written = {case["name"].split("/")[0] for path in CASES.glob("*/*/*/*/*.json")
                   if path.name != "contract.json" for case in load(path)["cases"]}
        for group in derived.keys() - written:
            self.assertTrue(re.search(rf"`{group}[`/]", text), f"docs/derived-cases.md lacks the group {group}")


class CaseFormat(Case):
    def examples(self):
        found = EXAMPLE.findall(read("docs/case-format.md"))
        self.assertGreater(len(found), 3)
        return [(operation, json.loads(text)) for operation, text in found]

    def copy_with(self, files):
        """A copy of the cases with further files: {path: content}."""
        folder = self.folder / "cases"
        shutil.copytree(CASES, folder, dirs_exist_ok=True)
        for path, content in files.items():
            (folder / path).write_text(json.dumps(content), encoding="utf-8")
        return folder

    def test_examples_load_and_pass_on_the_mock(self):
        examples = self.examples()
        folder = self.copy_with({f"{operation}/example-{n}.json": content
                                 for n, (operation, content) in enumerate(examples)})
        result = accord("lint", "--cases", folder)
        self.assert_exit(result, 0)
        names = [f"{operation}/{case['name']}" for operation, content in examples for case in content["cases"]]
        result = accord("run", "--cases", folder, *names)
        self.assert_exit(result, 0)
        self.assertIn(", 0 skip,", result.stdout)

    def test_every_word_of_the_schema_is_described(self):
        text = read("docs/case-format.md")
        words = set()

        def collect(schema):
            if isinstance(schema, dict):
                words.update(key for key in schema.get("properties", {}) if isinstance(schema["properties"], dict))
                words.update(word for word in schema.get("enum", []) if isinstance(word, str))
                for value in schema.values():
                    collect(value)
            elif isinstance(schema, list):
                for value in schema:
                    collect(value)

        collect(load(SCHEMAS / "case.schema.json"))
        methods_and_schemes = {"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"} | {
            word for word in words if re.search(r"-sha\d+$", word)}
        for word in words - methods_and_schemes:
            self.assertTrue(f"`{word}`" in text, f"docs/case-format.md lacks {word}")

    def test_schema_and_program_refuse_the_same_mistakes(self):
        validator = Draft202012Validator(load(SCHEMAS / "case.schema.json"))
        good = {"name": "group/name", "title": "t", "cite": "page:intro", "steps": [{"expect": {"success": True}}]}
        step = {"expect": {"success": True}}
        mistakes = {
            "an unknown member": {**good, "stepz": []},
            "no group": {**good, "name": "name"},
            "no steps": {**good, "steps": []},
            "no source": {key: value for key, value in good.items() if key != "cite"},
            "two kinds": {**good, "steps": [{"expect": {"success": True, "error": "VpcNotFound"}}]},
            "no kind": {**good, "steps": [{"expect": {}}]},
            "an unknown tampering": {**good, "steps": [{**step, "tamper": "worse"}]},
            "a poll without a deadline": {**good, "steps": [{**step, "poll": {"pointer": "/a", "until": "b"}}]},
            "a poll without an end": {**good, "steps": [{**step, "poll": {"deadline_ms": 10}}]},
            "an unknown matcher": {**good, "steps": [{"expect": {"success": True, "body": {"/a": {"matches": "a"}}}}]},
            "no pointer": {**good, "steps": [{"expect": {"success": True, "body": {"a": 1}}}]},
            "a row without a variant": {**good, "table": [{"text": "a"}]},
        }
        self.assertTrue(validator.is_valid({"accord": 1, "cases": [good]}))
        for what, case in mistakes.items():
            with self.subTest(mistake=what):
                content = {"accord": 1, "cases": [case]}
                self.assertFalse(validator.is_valid(content))
                folder = self.copy_with({f"{CREATE}/mistake.json": content})
                result = accord("lint", "--cases", folder)
                self.assert_exit(result, 2)
                self.assertIn("mistake.json", result.stderr)
                self.assert_one_line(result.stderr)


class Schemas(Case):
    def test_every_schema_is_one(self):
        schemas = sorted(SCHEMAS.glob("*.json"))
        self.assertTrue(schemas)
        for path in schemas:
            with self.subTest(schema=path.name):
                Draft202012Validator.check_schema(load(path))

    def test_every_file_of_the_corpus_is_what_its_schema_says(self):
        validators = {}
        for path in sorted(CASES.rglob("*.json")):
            if SCHEMAS in path.parents:
                continue
            with self.subTest(file=str(path.relative_to(CASES))):
                content = load(path)
                schema = (path.parent / content["$schema"]).resolve()
                validator = validators.setdefault(schema, Draft202012Validator(load(schema)))
                errors = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(content)]
                self.assertEqual(errors, [])


class Architecture(Case):
    def modules(self):
        """Those that the build knows: {name: folder}."""
        build = read("CMakeLists.txt")
        harness = re.search(r"foreach\(module ([a-z0-9 ]+)\)", build)[1].split()
        beside = self.layers().keys() & set(re.findall(r"add_subdirectory\((\w+)\)", build))
        return {**{name: f"harness/{name}" for name in harness}, **{name: name for name in beside}}

    def layers(self):
        return dict(re.findall(r"^(\w+): *([^#\n]*)", read("tools/layers.txt"), re.MULTILINE))

    def test_the_picture_is_the_table_of_layers(self):
        picture = dict(re.findall(r"^(\w+) +──► (.*)$", read("ARCHITECTURE.md"), re.MULTILINE))
        for name in self.modules().keys() - {"cli"}:
            with self.subTest(module=name):
                self.assertEqual(sorted(picture.get(name, "").split()), sorted(self.layers()[name].split()))

    def test_every_module_is_described(self):
        for folder in self.modules().values():
            self.assertTrue(f"| `{folder}` |" in read("ARCHITECTURE.md"), f"ARCHITECTURE.md lacks {folder}")


if __name__ == "__main__":
    main()
