// Prints what a JUnit file says: "N tests, N failures, N errors, N skipped".
import fs from 'node:fs';
import {parse} from 'junit2json';

const report = await parse(fs.readFileSync(process.argv[2], 'utf8'));
const cases = (report.testsuite ?? []).flatMap((suite) => suite.testcase ?? []);
const count = (kind) => cases.filter((testcase) => testcase[kind]).length;
console.log(`${cases.length} tests, ${count('failure')} failures, ${count('error')} errors, ${count('skipped')} skipped`);
