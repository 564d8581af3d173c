// The official client of the old generation. It flattens nothing: parameters are passed as they are. With --flat the
// driver does what its callers have to do: lists and objects are given as Zones.1.SubnetId.
import {serve} from '../lib/protocol.mjs';
import {describer} from '../lib/errors.mjs';
import {clients, endpointOf, helloOf, load, operationsOf} from '../lib/sdk.mjs';

const sdk = await load(import.meta.url, '@volcengine/openapi');
const {Service} = sdk.module;
const operations = operationsOf('volcengine/');

const serviceOf = clients(({credentials, region, ...line}, {service, version}) => {
  const {host, protocol} = endpointOf(line);
  return new Service({
    accessKeyId: credentials.access_key_id,
    secretKey: credentials.access_key_secret,
    ...(credentials.security_token && {sessionToken: credentials.security_token}),
    host,
    protocol: `${protocol}:`,
    region,
    serviceName: service,
    defaultVersion: version,
  });
});

const flat = process.argv.includes('--flat');

/** Members of lists and objects under the names that the service reads. */
function flattened(value, name = '') {
  if (typeof value !== 'object') return [[name, value]];
  const members = Array.isArray(value) ? value.map((item, index) => [index + 1, item]) : Object.entries(value);
  return members.flatMap(([key, member]) => flattened(member, name ? `${name}.${key}` : key));
}

async function call(line) {
  const {action, method, service, version} = operations[line.operation];
  const send = serviceOf(line, {service, version}).createAPI(action, {method});
  const params = flat ? Object.fromEntries(flattened(line.params)) : line.params;
  return send(params, {timeout: line.timeout_ms});
}

// An answer with an error is a result here: this client resolves whatever the status.
const describe = describer({service: () => false});

serve({
  hello: {
    driver: flat ? 'volcengine-openapi --flat' : 'volcengine-openapi',
    sdk: sdk.name,
    version: sdk.version,
    note: 'The official client, called with the constants of the official product package, because it has no class for'
      + ' PrivateLink and that package is not on npm; the parameters are those of the model in the official SDK repository.',
    ...helloOf(operations),
  },
  call,
  describe,
});
