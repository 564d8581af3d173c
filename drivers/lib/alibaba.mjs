// What the three clients of Alibaba Cloud's OpenAPI generations have in common: configuration, the constants of a
// call, errors. They take the same names and differ in whose functions encode and flatten.
import {describer} from './errors.mjs';
import {serve} from './protocol.mjs';
import {clients, endpointOf, helloOf, operationsOf, pathOf, place, unsentOf} from './sdk.mjs';

const NOTE = 'The official core client, called with the constants of the official product models, because the'
  + ' packages of PrivateLink and VpcPeer are not on npm; the parameters are those of the models in the official Go SDK.';

export function configOf({credentials, region, ...line}) {
  const {host, protocol} = endpointOf(line);
  return {
    accessKeyId: credentials.access_key_id,
    accessKeySecret: credentials.access_key_secret,
    securityToken: credentials.security_token ?? undefined,
    endpoint: host,
    protocol,
    regionId: region,
    readTimeout: line.timeout_ms,
    connectTimeout: line.timeout_ms,
  };
}

function paramsOf(constant, params, encode) {
  return {
    action: constant.action,
    version: constant.version,
    protocol: 'HTTPS',
    pathname: pathOf(constant, params, encode),
    method: constant.method,
    authType: 'AK',
    style: constant.style,
    reqBodyType: constant.style === 'ROA' ? 'json' : 'formData',
    bodyType: 'json',
  };
}

/** Query and body, through the SDK's own functions; no body where the product has none. */
function requestOf(constant, params, util) {
  const {query, body} = place(constant, params);
  return {query: util.query(query), ...(body && {body: util.parseToMap(body)})};
}

export const describe = describer({
  service: ({statusCode}) => Number.isInteger(statusCode),
  raw: {
    code: ['data.Code', 'data.code'],
    message: ['data.Message', 'data.message'],
    request_id: ['data.RequestId', 'data.requestId'],
  },
});

/**
 * Runs the driver of a core client, which is called as the generated product clients call it. parts: the classes of
 * the SDK under their own names, util (its query and parseToMap), and encode, for a parameter of the path.
 */
export function serveCore(driver, sdk, {Client, Config, OpenApiRequest, Params, RuntimeOptions, util, encode}) {
  const operations = operationsOf('alibaba/');
  const clientOf = clients((line) => new Client(new Config(configOf(line))));
  serve({
    hello: {driver, sdk: sdk.name, version: sdk.version, note: NOTE, result_root: '/body', ...helloOf(operations)},
    async call(line) {
      const constant = operations[line.operation];
      const params = new Params(paramsOf(constant, line.params, encode));
      const request = new OpenApiRequest(requestOf(constant, line.params, util));
      return clientOf(line).callApi(params, request, new RuntimeOptions({}));
    },
    ignored: ({operation, params}) => unsentOf(operations[operation], params),
    describe,
  });
}
