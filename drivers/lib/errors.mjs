// From what an SDK threw to the `error` of an answer. An SDK's caller sees properties; so does this: nothing
// depends on classes, as some SDKs throw plain objects.

const OWN = {
  status: ['statusCode', 'status'],
  code: ['code'],
  message: ['message'],
  request_id: ['requestId', 'RequestId'],
};
const TIMEOUT = /timeout of \d+ *ms exceeded/i;
const TIMEOUT_NAMES = /Timeout/;
const TIMEOUT_CODES = new Set(['ETIMEDOUT', 'ESOCKETTIMEDOUT']);
const TRANSPORT = /socket hang up|aborted|premature close/i;
const TRANSPORT_CODES = /^(E(CONN|PIPE|HOST|NET|NOTFOUND|AI_|PROTO)\w*|HPE_\w+|ERR_STREAM_PREMATURE_CLOSE)$/;

/** The value at a way like "data.ResponseMetadata.Error.Code", or undefined. */
function dig(value, way) {
  return way.split('.').reduce((at, name) => (at === null || at === undefined ? undefined : at[name]), value);
}

/** As the protocol has it: a status is an integer, all else a text; null where there is none. */
function plain(member, value) {
  if (member === 'status') return Number.isInteger(value) ? value : null;
  return value === undefined || value === null || typeof value === 'object' ? null : String(value);
}

function ownMember(thrown, member) {
  const values = OWN[member].map((name) => dig(thrown, name));
  return plain(member, values.find((value) => value !== undefined && value !== null));
}

/** Where the raw answer has what the error's own property lacks or words otherwise. */
function rawMember(thrown, member, ways, own) {
  const at = ways.find((way) => plain(member, dig(thrown, way)) !== null);
  const value = at && plain(member, dig(thrown, at));
  return at && value !== own ? {at, value} : undefined;
}

function kindOf(thrown, cause, isService) {
  const {name = '', code = '', message = ''} = Object(cause);
  if (isService(Object(thrown))) return 'service';
  if (TIMEOUT_NAMES.test(name) || TIMEOUT_CODES.has(code) || TIMEOUT.test(message)) return 'timeout';
  if (TRANSPORT_CODES.test(code) || TRANSPORT.test(message)) return 'transport';
  return 'client';
}

function typeOf(thrown) {
  const {name, constructor} = Object(thrown);
  return typeof name === 'string' && name !== '' && name !== 'Error' ? name : constructor?.name ?? typeof thrown;
}

/**
 * describer({service, cause, raw}): a function from what was thrown to `error`.
 * service(thrown): true where the error presents an answer of the service.
 * cause(thrown): the error of the network that the SDK wrapped, where it wraps.
 * raw: for status, code, message and request_id, the ways to them in the raw answer, in the order of trust.
 */
export function describer({service, cause = (thrown) => thrown, raw = {}}) {
  return (thrown) => {
    const error = {kind: kindOf(thrown, cause(Object(thrown)) ?? thrown, service)};
    for (const member of Object.keys(OWN)) error[member] = ownMember(thrown, member);
    if (typeof thrown === 'string') error.message = thrown;
    error.type = typeOf(thrown);
    const found = Object.entries(raw)
      .map(([member, ways]) => [member, rawMember(thrown, member, ways, error[member])])
      .filter(([, value]) => value);
    return found.length > 0 ? {...error, raw: Object.fromEntries(found)} : error;
  };
}
