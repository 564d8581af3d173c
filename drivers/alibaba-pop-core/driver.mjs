// The official core client with the old signatures. Requests of RPC style are POST, as the official product models
// say, and not the client's default, GET: VpcPeer has its parameters in a form body.
import {serve} from '../lib/protocol.mjs';
import {describer} from '../lib/errors.mjs';
import {clients, helloOf, load, operationsOf, pathOf, place, unsentOf} from '../lib/sdk.mjs';

const sdk = await load(import.meta.url, '@alicloud/pop-core');
const {ROAClient, RPCClient} = sdk.module;
const operations = operationsOf('alibaba/');

const clientOf = clients(({credentials, ...line}, {style, version}) => {
  const Client = style === 'ROA' ? ROAClient : RPCClient;
  return new Client({
    accessKeyId: credentials.access_key_id,
    accessKeySecret: credentials.access_key_secret,
    ...(credentials.security_token && {securityToken: credentials.security_token}),
    endpoint: line.endpoint.replace(/\/$/, ''),
    apiVersion: version,
    opts: {timeout: line.timeout_ms},
  });
});

async function call(line) {
  const constant = operations[line.operation];
  const {style, version, method} = constant;
  const client = clientOf(line, {style, version});
  const {query, body} = place(constant, line.params);
  if (style === 'RPC') return client.request(constant.action, {...query, ...body}, {method});
  const path = pathOf(constant, line.params, encodeURIComponent);
  const sent = body ? [JSON.stringify(body), {'Content-Type': 'application/json'}] : [];
  return client.request(method, path, query, ...sent);
}

const describe = describer({
  service: ({entry, statusCode, constructor}) =>
    Number.isInteger(entry?.response?.statusCode ?? statusCode) || constructor?.name === 'ACSError',
  raw: {
    status: ['entry.response.statusCode'],
    code: ['data.Code', 'result.Code', 'result.code'],
    message: ['data.Message', 'result.Message', 'result.message'],
    request_id: ['data.RequestId', 'result.RequestId', 'result.requestId'],
  },
});

serve({
  hello: {
    driver: 'alibaba-pop-core',
    sdk: sdk.name,
    version: sdk.version,
    note: 'The official core client, called with the constants of the official product models (POST), because the'
      + ' packages of PrivateLink and VpcPeer are not on npm; the parameters are those of the models in the official Go SDK.',
    ...helloOf(operations),
  },
  call,
  ignored: ({operation, params}) => unsentOf(operations[operation], params),
  describe,
});
