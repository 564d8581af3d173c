// A validator that others wrote says whether what `accord redact` writes is HAR 1.2, and reads it member by member.
// ACCORD names the program.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import validate from 'har-validator';

const fixtures = fileURLToPath(new URL('../fixtures/har', import.meta.url));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'accord-har-'));
after(() => fs.rmSync(folder, {recursive: true}));

for (const name of fs.readdirSync(fixtures)) {
  test(`${name}: what is written is HAR 1.2`, async () => {
    const out = path.join(folder, name);
    execFileSync(process.env.ACCORD, ['redact', path.join(fixtures, name), '--out', out]);
    const before = JSON.parse(fs.readFileSync(path.join(fixtures, name), 'utf8'));
    const har = JSON.parse(fs.readFileSync(out, 'utf8'));
    await validate.har(har);
    assert.equal(har.log.entries.length, before.log.entries.length);
    for (const [i, entry] of har.log.entries.entries()) {
      assert.equal(entry.request.method, before.log.entries[i].request.method);
      assert.equal(entry.response.status, before.log.entries[i].response.status);
      assert.equal(new URL(entry.request.url).host, new URL(before.log.entries[i].request.url).host);
    }
    assert.ok(har.log._accord.redaction.rules.includes('common/email'));
  });

  test(`${name}: no secret and no identifier is left`, () => {
    const text = fs.readFileSync(path.join(folder, name), 'utf8');
    for (const planted of ['hunter2', 'c2VjcmV0', 'c2lnbmF0dXJl', '1234567890123456', 'jane.doe', '10.23.4.5', 'oew1oxiro']) {
      assert.ok(!text.includes(planted), planted);
    }
  });
}

test('the validator says no to what is no HAR', async () => {
  await assert.rejects(validate.har({log: {version: '1.2', creator: {name: 'a', version: '1'}, entries: [{}]}}));
});
