// The official core client of Volcengine at work, on a plain endpoint: makes an endpoint, reads it, deletes it.
// volcengine.mjs HOST VALUES: "host:port", and what the account has, as JSON.
const {Client, Command, buildRequestConfigFromMetaPath} = await import(new URL(
  '../../../drivers/volcengine-sdk-core/node_modules/@volcengine/sdk-core/dist/esm/index.mjs', import.meta.url));

const [host, given] = process.argv.slice(2);
const values = JSON.parse(given);
const client = new Client({
  accessKeyId: 'AKACCORD0001', secretAccessKey: 'accord-mock-not-a-secret', host, protocol: 'http', region: 'cn-guangzhou',
});

async function call(action, params) {
  const command = new Command(params);
  command.requestConfig = buildRequestConfigFromMetaPath(`/${action}/2020-04-01/privatelink/get/text_plain/`);
  return (await client.send(command)).Result;
}

const {EndpointId: id} = await call('CreateVpcEndpoint', {
  VpcId: values.vpc_id, ServiceId: values.service_id, SecurityGroupIds: [values.security_group_id],
  Zones: [{SubnetId: values.subnet_id, ZoneId: values.zone_id}], ClientToken: values.token,
});
await call('DescribeVpcEndpointAttributes', {EndpointId: id});
await call('DeleteVpcEndpoint', {EndpointId: id});
console.log(JSON.stringify({id}));
