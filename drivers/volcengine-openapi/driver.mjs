// The official client of the old generation. It flattens nothing: parameters are passed as they are.
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

async function call(line) {
  const {action, method, service, version} = operations[line.operation];
  const send = serviceOf(line, {service, version}).createAPI(action, {method});
  return send(line.params, {timeout: line.timeout_ms});
}

// An answer with an error is a result here: this client resolves whatever the status.
const describe = describer({service: () => false});

serve({
  hello: {
    driver: 'volcengine-openapi',
    sdk: sdk.name,
    version: sdk.version,
    note: 'The official client, called with the constants of the official product package, because it has no class for'
      + ' PrivateLink and that package is not on npm; the parameters are those of the model in the official SDK repository.',
    ...helloOf(operations),
  },
  call,
  describe,
});
