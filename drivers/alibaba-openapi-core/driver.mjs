// The official core client of the Darabonba generation.
import {serveCore} from '../lib/alibaba.mjs';
import {load} from '../lib/sdk.mjs';

const sdk = await load(import.meta.url, '@alicloud/openapi-core');
const {default: Client, $OpenApiUtil: {Config, OpenApiRequest, Params}, OpenApiUtil: util} = sdk.module;
const dara = (await load(import.meta.url, '@darabonba/typescript')).module;

const parts = {Client, Config, OpenApiRequest, Params, RuntimeOptions: dara.RuntimeOptions, util, encode: dara.URL.percentEncode};
serveCore('alibaba-openapi-core', sdk, parts);
