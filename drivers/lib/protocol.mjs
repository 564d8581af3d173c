// The driver's side of the protocol (docs/driver-protocol.md): says hello, reads a call a line, answers each
// with one line. This is the only place that knows the lines; a driver brings its hello and `call`.
import {Console} from 'node:console';

const LINE_BYTES_MAX = 16 << 20;
const END_WAIT_MS = 3000;
const STRAY_WAIT_TIMEOUTS = 6; // more than an SDK takes that tries four times

// Standard output belongs to the protocol: whatever else prints, prints to the log.
const print = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);
globalThis.console = new Console(process.stderr, process.stderr);
process.stdout.on('error', () => process.exit(1));

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value) => typeof value === 'string' && value !== '';

/** What is wrong with a call, or undefined. */
function fault(line) {
  const {credentials, params = {}, timeout_ms: timeout} = line;
  if (!isText(line.operation)) return 'operation is not a text';
  if (!isObject(params)) return 'params is not an object';
  if (!/^https?:\/\/[^/?#\s]+\/?$/.test(line.endpoint)) return 'endpoint is not http://HOST:PORT';
  if (!isText(line.region)) return 'region is not a text';
  if (!isText(credentials?.access_key_id) || !isText(credentials?.access_key_secret)) return 'credentials are missing';
  if (!(Number.isInteger(timeout) && timeout > 0)) return 'timeout_ms is not a positive integer';
  return undefined;
}

/** Without the members that are null, at any depth. */
function withoutNulls(value) {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(kept.map(([name, member]) => [name, withoutNulls(member)]));
}

// An error that an SDK throws outside the call must neither end the driver nor leave the call without an answer:
// it is logged, and becomes the answer where the call does not end by itself.
let onStray = () => {};

function catchStrays() {
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    process.on(event, (thrown) => {
      console.error(`${event}:`, thrown);
      onStray(thrown);
    });
  }
}

const failure = (id, message) => ({id, error: {kind: 'client', message}});

async function result({call, describe}, line) {
  let timer;
  const stray = new Promise((_, reject) => {
    onStray = (thrown) => {
      timer ??= setTimeout(reject, STRAY_WAIT_TIMEOUTS * line.timeout_ms, thrown);
    };
  });
  try {
    return {result: await Promise.race([call(line), stray])};
  } catch (thrown) {
    return {error: describe(thrown)};
  } finally {
    clearTimeout(timer);
    onStray = () => {};
  }
}

async function outcome(driver, line) {
  const wrong = fault(line);
  if (wrong) throw new TypeError(wrong);
  if (!driver.hello.operations.includes(line.operation)) return {unsupported: 'the driver does not know the operation'};
  const given = {...line, params: withoutNulls(line.params ?? {})};
  const ignored = driver.ignored?.(given) ?? [];
  return {...await result(driver, given), ...(ignored.length > 0 && {ignored})};
}

async function answer(driver, text) {
  let id = null;
  try {
    const line = JSON.parse(text);
    if (!isObject(line) || !Number.isInteger(line.id)) throw new TypeError('no object with an integer id');
    id = line.id;
    return {id, ...await outcome(driver, line)};
  } catch (thrown) {
    return failure(id, `the line is not a call: ${thrown.message}`);
  }
}

/** One line; an answer that JSON cannot hold is an error of the call. A result of undefined is null. */
function write(message) {
  if ('result' in message && message.result === undefined) message.result = null;
  try {
    print(`${JSON.stringify(message)}\n`);
  } catch (thrown) {
    print(`${JSON.stringify(failure(message.id, `the result is not JSON: ${thrown.message}`))}\n`);
  }
}

/**
 * Calls take(text) for each line of the chunks given to it; undefined for one that is too long or not UTF-8. No chunk
 * is the end, which ends a line, too.
 */
function splitter(take) {
  let pieces = [];
  let bytes = 0;
  const keep = (piece) => {
    bytes += piece.length;
    if (bytes <= LINE_BYTES_MAX) pieces.push(piece);
    else pieces = [];
  };
  const emit = () => {
    take(bytes <= LINE_BYTES_MAX ? decode(Buffer.concat(pieces)) : undefined);
    [pieces, bytes] = [[], 0];
  };
  return (chunk) => {
    if (!chunk && bytes > 0) emit();
    if (!chunk) return;
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      keep(chunk.subarray(from, at));
      emit();
      from = at + 1;
    }
    keep(chunk.subarray(from));
  };
}

function decode(bytes) {
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Runs a driver until standard input ends.
 * hello: the members of the first line but `accord`.
 * call(line): sends a call and gives what the SDK returned; what it throws goes through describe(thrown), which gives
 * the `error` of the answer (errors.mjs makes such functions).
 * ignored(line): names of the call's parameters that the SDK cannot send; may be left out.
 */
export function serve(driver) {
  let last = Promise.resolve();
  catchStrays();
  write({accord: 1, ...driver.hello});
  const split = splitter((text) => {
    last = last.then(async () => write(await answer(driver, text)));
  });
  process.stdin.on('data', split);
  process.stdin.on('end', () => {
    split();
    setTimeout(() => process.exit(0), END_WAIT_MS);
    last.then(() => process.exit(0));
  });
}
