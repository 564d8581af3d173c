// The typed product SDK. Its fields, parameters and arguments are read from the package itself.
import {serve} from '../lib/protocol.mjs';
import {configOf, describe} from '../lib/alibaba.mjs';
import {clients, load} from '../lib/sdk.mjs';

const sdk = await load(import.meta.url, '@alicloud/elasticsearch20170613');
const {default: Client} = sdk.module;
const {Config} = (await load(import.meta.url, '@alicloud/openapi-core')).module.$OpenApiUtil;

const PREFIX = 'alibaba/elasticsearch/2017-06-13/';
const ROOT = '/body';

/** Pairs of a documented pointer and where that stands in the typed object, for a type and all below it. */
function fieldsOf(type, documented, typed) {
  const item = type?.itemType && [[type.itemType, `${documented}/*`, `${typed}/*`]];
  const members = type?.names && Object.entries(type.names())
    .map(([name, wire]) => [type.types()[name], `${documented}/${wire}`, `${typed}/${name}`]);
  const below = (item ?? members ?? []).flatMap((child) => fieldsOf(...child));
  return documented ? [[documented, typed], ...below] : below;
}

/** A method takes the parameters of the path, then the request: their names. */
function pathParametersOf(method) {
  const names = /\(([^)]*)\)/.exec(Client.prototype[method].toString())[1];
  return names.split(',').map((name) => name.trim()).slice(0, -1);
}

function modelOf(action) {
  const method = action[0].toLowerCase() + action.slice(1);
  const Request = sdk.module[`${action}Request`];
  const inPath = pathParametersOf(method);
  const names = new Map(Object.entries(Request.names()).map(([name, wire]) => [wire, name]));
  const fields = Object.fromEntries(fieldsOf(sdk.module[`${action}ResponseBody`], '', ROOT));
  return {method, Request, inPath, names, fields, parameters: [...inPath, ...names.keys()]};
}

const models = Object.fromEntries(['CreateVpcEndpoint', 'DeleteVpcEndpoint', 'ListVpcEndpoints']
  .map((action) => [PREFIX + action, modelOf(action)]));
const each = (member) => Object.fromEntries(Object.entries(models).map(([id, model]) => [id, model[member]]));
const clientOf = clients((line) => new Client(new Config(configOf(line))));

serve({
  hello: {
    driver: 'alibaba-elasticsearch',
    sdk: sdk.name,
    version: sdk.version,
    operations: Object.keys(models),
    result_root: ROOT,
    fields: each('fields'),
    parameters: each('parameters'),
  },
  async call(line) {
    const {method, Request, inPath, names} = models[line.operation];
    const given = Object.entries(line.params).filter(([wire]) => names.has(wire));
    const request = new Request(Object.fromEntries(given.map(([wire, value]) => [names.get(wire), value])));
    return clientOf(line)[method](...inPath.map((name) => line.params[name]), request);
  },
  ignored: ({operation, params}) => Object.keys(params).filter((name) => !models[operation].parameters.includes(name)),
  describe,
});
