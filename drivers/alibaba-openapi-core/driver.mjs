// The official core client of the Darabonba generation, called as the generated product clients call it.
import {serve} from '../lib/protocol.mjs';
import {NOTE, configOf, describe, paramsOf, requestOf} from '../lib/alibaba.mjs';
import {clients, helloOf, load, operationsOf, unsentOf} from '../lib/sdk.mjs';

const sdk = await load(import.meta.url, '@alicloud/openapi-core');
const {default: Client, $OpenApiUtil: {Config, OpenApiRequest, Params}, OpenApiUtil: Util} = sdk.module;
const {RuntimeOptions, URL: DaraURL} = (await load(import.meta.url, '@darabonba/typescript')).module;

const operations = operationsOf('alibaba/');
const clientOf = clients((line) => new Client(new Config(configOf(line))));

serve({
  hello: {
    driver: 'alibaba-openapi-core',
    sdk: sdk.name,
    version: sdk.version,
    note: NOTE,
    result_root: '/body',
    ...helloOf(operations),
  },
  async call(line) {
    const constant = operations[line.operation];
    const params = new Params(paramsOf(constant, line.params, DaraURL.percentEncode));
    const request = new OpenApiRequest(requestOf(constant, line.params, Util));
    return clientOf(line).callApi(params, request, new RuntimeOptions({}));
  },
  ignored: ({operation, params}) => unsentOf(operations[operation], params),
  describe,
});
