// The official core client of the new generation, called as the generated product commands call it.
import {serve} from '../lib/protocol.mjs';
import {describer} from '../lib/errors.mjs';
import {clients, endpointOf, helloOf, load, operationsOf} from '../lib/sdk.mjs';

// Node.js 18 cannot require it: a dependency of it has no CommonJS form.
const sdk = await load(import.meta.url, '@volcengine/sdk-core', () => import('@volcengine/sdk-core'));
const {Client, Command, buildRequestConfigFromMetaPath} = sdk.module;
const operations = operationsOf('volcengine/');

const clientOf = clients(({credentials, region, ...line}) => new Client({
  accessKeyId: credentials.access_key_id,
  secretAccessKey: credentials.access_key_secret,
  ...(credentials.security_token && {sessionToken: credentials.security_token}),
  ...endpointOf(line),
  region,
  httpOptions: {timeout: line.timeout_ms},
}));

// A generated command is this path and nothing else.
function metaPathOf({action, version, service, method, content_type: type}) {
  return `/${action}/${version}/${service}/${method.toLowerCase()}/${type.replace('/', '_')}/`;
}

async function call(line) {
  const command = new Command(line.params);
  command.requestConfig = buildRequestConfigFromMetaPath(metaPathOf(operations[line.operation]));
  return clientOf(line).send(command);
}

const describe = describer({
  service: ({name, status}) => name === 'ApiException' && status > 0,
  cause: ({originalError}) => originalError,
  raw: {
    code: ['data.ResponseMetadata.Error.Code'],
    message: ['data.ResponseMetadata.Error.Message'],
    request_id: ['data.ResponseMetadata.RequestId'],
  },
});

serve({
  hello: {
    driver: 'volcengine-sdk-core',
    sdk: sdk.name,
    version: sdk.version,
    note: 'The official core client, called with the constants of the official product package, which is not on npm;'
      + ' the parameters are those of the model in the official SDK repository.',
    ...helloOf(operations),
  },
  call,
  describe,
});
