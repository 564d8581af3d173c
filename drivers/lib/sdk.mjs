// What the drivers share around an SDK: loading it, its products' constants, its clients.
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';

const CLIENTS_MAX = 64;

const constants = JSON.parse(readFileSync(new URL('operations.json', import.meta.url), 'utf8'));

/** The module of an SDK that is installed beside the driver, and its version. take: instead of require. */
export async function load(driver, name, take = (require) => require(name)) {
  const require = createRequire(driver);
  try {
    return {name, version: require(`${name}/package.json`).version, module: await take(require)};
  } catch (thrown) {
    if (thrown.code !== 'MODULE_NOT_FOUND') throw thrown;
    console.error(`${name} is not installed: run npm ci --ignore-scripts in the driver's folder`);
    process.exit(1);
  }
}

/** The constants of the operations whose ids begin with the prefix: {id: constants}. */
export function operationsOf(prefix) {
  return Object.fromEntries(Object.entries(constants.operations).filter(([id]) => id.startsWith(prefix)));
}

/** The members of hello that say which operations there are, and what the official models have that the pages lack. */
export function helloOf(operations) {
  const modelled = Object.entries(operations).filter(([, constant]) => constant.parameters);
  return {
    operations: Object.keys(operations),
    parameters: Object.fromEntries(modelled.map(([id, constant]) => [id, constant.parameters])),
  };
}

const pick = (params, test) => Object.fromEntries(Object.entries(params).filter(([name]) => test(name)));

/** The way to a resource, with the parameters of the path put in. */
export function pathOf(constant, params, encode) {
  return constant.pathname.replace(/\{(\w+)\}/g, (_, name) => encode(params[name]));
}

/**
 * Splits parameters as the product's generated client does: {query, body}. Body is undefined where the
 * product has none. What the constants do not place goes to the query.
 */
export function place(constant, params) {
  const {pathname, body, unsent = [], json = []} = constant;
  const inPath = (name) => pathname.includes(`{${name}}`);
  const inBody = (name) => body?.includes(name) ?? false;
  const texts = (values) => Object.fromEntries(Object.entries(values).map(([name, value]) =>
    [name, json.includes(name) && Array.isArray(value) ? JSON.stringify(value) : value]));
  return {
    query: pick(params, (name) => !inPath(name) && !inBody(name) && !unsent.includes(name)),
    body: body && texts(pick(params, inBody)),
  };
}

/** Parameters that the SDK cannot send. */
export function unsentOf({unsent = []}, params) {
  return Object.keys(params).filter((name) => unsent.includes(name));
}

/** Host with port, and protocol ("http"), of the call's endpoint. */
export function endpointOf(line) {
  const {host, protocol} = new URL(line.endpoint);
  return {host, protocol: protocol.slice(0, -1)};
}

/**
 * A client for each server, account and region, made once as a program would make it: an SDK keeps connections in
 * its client.
 */
export function clients(make) {
  const made = new Map();
  return (line, ...more) => {
    const key = JSON.stringify([line.endpoint, line.region, line.credentials, line.timeout_ms, more]);
    if (!made.has(key)) {
      if (made.size >= CLIENTS_MAX) made.delete(made.keys().next().value);
      made.set(key, make(line, ...more));
    }
    return made.get(key);
  };
}
