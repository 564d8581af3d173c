// A driver to start from: one operation, sent with a plain HTTP client, unsigned. Copy this folder beside the other
// drivers, add a package.json with the SDK in an exact version, and replace what stands under "the SDK".
import http from 'node:http';
import {serve} from '../../lib/protocol.mjs';
import {describer} from '../../lib/errors.mjs';

const OPERATION = 'volcengine/privatelink/2020-04-01/DescribeVpcEndpoints';

// ---- the SDK: an author imports it instead ----

const agent = new http.Agent({keepAlive: true});

function flatten(prefix, value) {
  if (typeof value !== 'object') return [[prefix, String(value)]];
  const children = Array.isArray(value) ? value.map((item, index) => [index + 1, item]) : Object.entries(value);
  return children.flatMap(([name, child]) => flatten(`${prefix}.${name}`, child));
}

function get(url, timeout) {
  return new Promise((resolve, reject) => {
    const request = http.get(url, {agent, timeout}, resolve);
    const late = Object.assign(new Error(`no answer in ${timeout} ms`), {code: 'ETIMEDOUT'});
    request.on('timeout', () => request.destroy(late));
    request.on('error', reject);
  });
}

async function describeVpcEndpoints({endpoint, timeout, params}) {
  const query = {Action: 'DescribeVpcEndpoints', Version: '2020-04-01', ...params};
  const pairs = Object.entries(query).flatMap(([name, value]) => flatten(name, value));
  const response = await get(`${endpoint}/?${new URLSearchParams(pairs)}`, timeout);
  const chunks = [];
  for await (const chunk of response) chunks.push(chunk);
  const body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  if (response.statusCode < 400) return body;
  const {Error: error = {}, RequestId: requestId} = body.ResponseMetadata ?? {};
  const {statusCode} = response;
  throw Object.assign(new Error(error.Message), {name: 'ApiError', statusCode, code: error.Code, requestId});
}

// ---- the driver ----

serve({
  hello: {
    driver: 'skeleton-node',
    sdk: 'node:http',
    version: process.versions.node,
    note: 'A skeleton for authors of drivers: it calls no SDK and does not sign.',
    operations: [OPERATION],
  },
  // The place of the SDK's call. It returns what the SDK returns and throws what the SDK throws, nothing repaired.
  call: ({params, endpoint, timeout_ms: timeout}) =>
    describeVpcEndpoints({endpoint: endpoint.replace(/\/$/, ''), timeout, params}),
  describe: describer({service: ({statusCode}) => Number.isInteger(statusCode)}),
});
