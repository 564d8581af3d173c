/* Who calls: signature, access key, freshness, nonce. */
#include "mock/deviate.h"
#include "sign/throwaway.h"

const char ac_mock_key_prefix[] = AC_THROWAWAY_KEY_PREFIX;
const char ac_mock_secret[] = AC_THROWAWAY_SECRET;

static const ac_str nothing = {NULL, 0};

static bool refuse(ac_mock_call *call, ac_when when)
{
    bool key_missing = when == AC_WHEN_MISSING_ACCESS_KEY;
    return ac_mock_refuse_when(call, when, key_missing ? AC_STR("AccessKeyId") : call->claim.access_key_id,
                               nothing);
}

static bool judge(ac_mock_call *call, ac_verify_result result)
{
    static const ac_when situations[] = {
        [AC_VERIFY_OK] = AC_WHEN_UNSET,
        [AC_VERIFY_NO_SIGNATURE] = AC_WHEN_MISSING_SIGNATURE,
        [AC_VERIFY_NO_ACCESS_KEY] = AC_WHEN_MISSING_ACCESS_KEY,
        [AC_VERIFY_MALFORMED] = AC_WHEN_MISSING_SIGNATURE,
        [AC_VERIFY_INCOMPLETE] = AC_WHEN_MISSING_SIGNATURE,
        [AC_VERIFY_BAD_DATE] = AC_WHEN_MALFORMED_TIMESTAMP,
        [AC_VERIFY_BODY_MISMATCH] = AC_WHEN_BAD_SIGNATURE,
        [AC_VERIFY_MISMATCH] = AC_WHEN_BAD_SIGNATURE,
    };
    return result == AC_VERIFY_OK || refuse(call, situations[result]);
}

static bool is_accepted(const ac_mock_call *call)
{
    const ac_strs *signers = &call->operation->contract->style->signers;
    for (size_t i = 0; call->signer && i < signers->count; i++) {
        if (ac_str_is(signers->items[i], call->signer->name)) {
            return true;
        }
    }
    return false;
}

static bool read_claim(ac_mock_call *call)
{
    if (!is_accepted(call)) {
        return refuse(call, AC_WHEN_MISSING_SIGNATURE);
    }
    return judge(call, call->signer->claim(call->arena, call->request, &call->claim));
}

static bool check_key(ac_mock_call *call)
{
    return ac_str_starts(call->claim.access_key_id, ac_str_c(ac_mock_key_prefix)) ||
           refuse(call, AC_WHEN_UNKNOWN_ACCESS_KEY);
}

static bool check_signature(ac_mock_call *call)
{
    ac_verify_report report;
    ac_secret secret = ac_secret_of(ac_str_c(ac_mock_secret));
    if (ac_mock_deviates(call, AC_SIGNATURE_UNCHECKED)) {
        return true;
    }
    call->signer->verify(call->arena, call->request, secret, &report);
    return judge(call, report.result);
}

static bool check_freshness(ac_mock_call *call)
{
    int64_t skew_ms = call->mock->options.skew_ms;
    int64_t off_ms = call->now_ms - call->claim.date_ms;
    bool fresh = off_ms <= skew_ms && off_ms >= -skew_ms;
    return fresh || ac_mock_deviates(call, AC_CLOCK_UNCHECKED) || refuse(call, AC_WHEN_EXPIRED_TIMESTAMP);
}

static bool enter(ac_mock_call *call, ac_str key)
{
    call->account = ac_mock_account_get(call->mock->accounts, call->operation->realm, key);
    return call->account || refuse(call, AC_WHEN_UNAVAILABLE);
}

/* Clients whose scheme has no nonce send a request again as it was. */
static bool check_nonce(ac_mock_call *call)
{
    if (!call->signer->needs_nonce ||
        !ac_contract_when(call->operation->contract, AC_WHEN_REPLAYED_NONCE, 0)) {
        return true;
    }
    ac_mock_account_lock(call->account);
    bool fresh = ac_mock_nonce_use(call->account, call->claim.nonce);
    ac_mock_account_unlock(call->account);
    return fresh || ac_mock_deviates(call, AC_NONCE_UNCHECKED) || refuse(call, AC_WHEN_REPLAYED_NONCE);
}

/* Without checks everybody is who they say, and who says nothing is the first account. */
static bool believe(ac_mock_call *call)
{
    if (call->signer) {
        (void)call->signer->claim(call->arena, call->request, &call->claim);
    }
    ac_str key = call->claim.access_key_id;
    return enter(call, key.n > 0 ? key : ac_str_c(ac_mock_key_prefix));
}

bool ac_mock_authenticate(ac_mock_call *call)
{
    if (!call->mock->options.check_signatures) {
        return believe(call);
    }
    return read_claim(call) && check_key(call) && check_signature(call) && check_freshness(call) &&
           enter(call, call->claim.access_key_id) && check_nonce(call);
}
