// Every schema is a good schema, and every file of cases/ is what the schema that it names says.
// Editors check the files in the same way; `accord lint` checks what a schema cannot say.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import Ajv from 'ajv/dist/2020.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cases = path.join(root, 'cases');
const schemas = path.join(cases, 'schema');
// The two rules that are off ask each `then` to repeat what its surroundings say.
const ajv = new Ajv({strict: true, strictRequired: false, strictTypes: false, allErrors: true});
const compiled = new Map();

const read = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));

function filesBelow(folder) {
  return fs.readdirSync(folder, {withFileTypes: true}).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(file) : file.endsWith('.json') ? [file] : [];
  });
}

function validatorOf(file) {
  if (!compiled.has(file)) {
    compiled.set(file, ajv.compile(read(file)));
  }
  return compiled.get(file);
}

// Named by another schema, which lies beside it.
ajv.addSchema(read(path.join(schemas, 'redaction.schema.json')), 'redaction.schema.json');

for (const file of filesBelow(schemas)) {
  test(`${path.relative(root, file)} compiles`, () => {
    validatorOf(file);
  });
}

for (const file of filesBelow(cases).filter((file) => !file.startsWith(schemas))) {
  test(`${path.relative(root, file)} is valid`, () => {
    const data = read(file);
    assert.ok(data.$schema, 'names no $schema');
    const validate = validatorOf(path.resolve(path.dirname(file), data.$schema));
    assert.ok(validate(data), ajv.errorsText(validate.errors, {dataVar: '', separator: '\n'}));
  });
}
