// A reader of JUnit files that others wrote in another language reads ours, and counts what the file says.
// EMIT_REPORTS names the program of tests/support/emit_reports.c, which writes the files.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, test} from 'node:test';
import {parse} from 'junit2json';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'accord-junit-'));
after(() => fs.rmSync(folder, {recursive: true}));
execFileSync(process.env.EMIT_REPORTS, [folder]);
const files = fs.readdirSync(folder).filter((name) => name.endsWith('.junit'));

const count = (suite, kind) => (suite.testcase ?? []).filter((testcase) => testcase[kind]).length;

test('there are files to read', () => {
  assert.ok(files.length > 0);
});

for (const name of files) {
  test(`${name}: totals are those of the test cases`, async () => {
    const report = await parse(fs.readFileSync(path.join(folder, name), 'utf8'));
    let tests = 0;
    for (const suite of report.testsuite ?? []) {
      assert.equal(suite.tests, (suite.testcase ?? []).length, suite.name);
      assert.equal(suite.failures, count(suite, 'failure'), suite.name);
      assert.equal(suite.errors, count(suite, 'error'), suite.name);
      tests += suite.tests;
    }
    assert.equal(report.tests, tests);
  });

  test(`${name}: every test case has a name and a class`, async () => {
    const report = await parse(fs.readFileSync(path.join(folder, name), 'utf8'));
    for (const testcase of (report.testsuite ?? []).flatMap((suite) => suite.testcase ?? [])) {
      assert.ok('name' in testcase && 'classname' in testcase); // either may be empty
    }
  });
}
