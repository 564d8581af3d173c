// The official core client of the Tea generation, called as the generated product clients call it.
import {serve} from '../lib/protocol.mjs';
import {NOTE, configOf, describe, paramsOf, requestOf} from '../lib/alibaba.mjs';
import {clients, helloOf, load, operationsOf, unsentOf} from '../lib/sdk.mjs';

const sdk = await load(import.meta.url, '@alicloud/openapi-client');
const {default: Client, Config, OpenApiRequest, Params} = sdk.module;
const {default: Util} = (await load(import.meta.url, '@alicloud/openapi-util')).module;
const {RuntimeOptions} = (await load(import.meta.url, '@alicloud/tea-util')).module;

const operations = operationsOf('alibaba/');
const clientOf = clients((line) => new Client(new Config(configOf(line))));

serve({
  hello: {
    driver: 'alibaba-openapi-client',
    sdk: sdk.name,
    version: sdk.version,
    note: NOTE,
    result_root: '/body',
    ...helloOf(operations),
  },
  async call(line) {
    const constant = operations[line.operation];
    const params = new Params(paramsOf(constant, line.params, Util.getEncodeParam));
    const request = new OpenApiRequest(requestOf(constant, line.params, Util));
    return clientOf(line).callApi(params, request, new RuntimeOptions({}));
  },
  ignored: ({operation, params}) => unsentOf(operations[operation], params),
  describe,
});
