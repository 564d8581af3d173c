// The official core client of the Tea generation.
import {serveCore} from '../lib/alibaba.mjs';
import {load} from '../lib/sdk.mjs';

const sdk = await load(import.meta.url, '@alicloud/openapi-client');
const {default: Client, Config, OpenApiRequest, Params} = sdk.module;
const {default: util} = (await load(import.meta.url, '@alicloud/openapi-util')).module;
const {RuntimeOptions} = (await load(import.meta.url, '@alicloud/tea-util')).module;

const parts = {Client, Config, OpenApiRequest, Params, RuntimeOptions, util, encode: util.getEncodeParam};
serveCore('alibaba-openapi-client', sdk, parts);
