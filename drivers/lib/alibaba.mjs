// What the three clients of Alibaba Cloud's OpenAPI generations have in common: configuration, the constants of a
// call, errors. They take the same names and differ in whose functions encode and flatten.
import {describer} from './errors.mjs';
import {endpointOf, pathOf, place} from './sdk.mjs';

export const NOTE = 'The official core client, called with the constants of the official product models, because the'
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

export function paramsOf(constant, params, encode) {
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
export function requestOf(constant, params, util) {
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
