// The official Elasticsearch SDK at work, through the proxy of HTTPS_PROXY: makes an endpoint, waits, lists, deletes.
// elasticsearch.mjs ENDPOINT VALUES: "host:port", and what the account has, as JSON.
import https from 'node:https';
import {createRequire} from 'node:module';
import {setTimeout as sleep} from 'node:timers/promises';

const require = createRequire(new URL('../../../drivers/alibaba-elasticsearch/driver.mjs', import.meta.url));
const HttpsProxyAgent = require('https-proxy-agent');

// This SDK takes a proxy in its configuration and does not use it. It uses agents that it makes itself, so the proxy
// goes in there, as modules do that make any program use one.
https.Agent = class extends HttpsProxyAgent {
  constructor() {
    super(process.env.HTTPS_PROXY);
  }
};

const sdk = require('@alicloud/elasticsearch20170613');
const {Config} = require('@alicloud/openapi-core').$OpenApiUtil;

const [endpoint, given] = process.argv.slice(2);
const values = JSON.parse(given);
const client = new sdk.default(new Config({
  accessKeyId: 'AKACCORD0001',
  accessKeySecret: 'accord-mock-not-a-secret',
  endpoint,
  protocol: 'https',
}));

const made = await client.createVpcEndpoint(values.instance_id, new sdk.CreateVpcEndpointRequest({
  clientToken: values.token, serviceId: values.service_id, zoneId: values.zone_id ?? 'cn-hangzhou-i',
}));
const id = made.body.result.endpointId;
let state;
for (let tries = 0; state !== 'Active' && tries < 50; tries++) {
  const listed = await client.listVpcEndpoints(values.instance_id, new sdk.ListVpcEndpointsRequest({page: 1, size: 10}));
  state = listed.body.result.find((one) => one.endpointId === id)?.endpointStatus;
  await sleep(5);
}
await client.deleteVpcEndpoint(values.instance_id, id, new sdk.DeleteVpcEndpointRequest({}));
console.log(JSON.stringify({id, state}));
