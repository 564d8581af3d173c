#include <string.h>

#include "base/env.h"
#include "recorder/proxy_parts.h"

/* A body that passes through is read up to here before anything goes upstream; a longer one streams. */
enum { WHOLE_BYTES = 64 * 1024 };

/* ---- the request ---- */

/* What is sent upstream: the client's request without what belongs to its connection. */
static void prepare_request(ac_exchange *exchange)
{
    const ac_proxy_options *options = &exchange->connection->proxy->options;
    const ac_request *from = &exchange->head.request;
    bool signs = !options->pass_through && exchange->route.record;
    bool keeps_host = exchange->by.signer && !signs;
    ac_str authority = ac_url_authority(exchange->route.base_url);
    ac_request *to = &exchange->sent;
    *to = (ac_request){.method = from->method, .target = exchange->route.target};
    for (size_t i = 0; i < from->headers.count; i++) {
        ac_pair header = from->headers.items[i];
        bool host = ac_str_eq_nocase(header.name, AC_STR("Host"));
        bool replaced = ac_str_eq_nocase(header.name, AC_STR("Content-Length")) ||
                        ac_str_eq_nocase(header.name, AC_STR("Expect")) ||
                        ac_is_hop_by_hop(&from->headers, header.name);
        if (host || !replaced) {
            ac_pairs_add(exchange->arena, &to->headers, header.name,
                         host && !keeps_host ? authority : header.value);
        }
    }
    if (!ac_pairs_find_nocase(&to->headers, AC_STR("Host"))) {
        ac_pairs_add(exchange->arena, &to->headers, AC_STR("Host"), authority);
    }
    to->body = exchange->body_over ? ac_buf_str(&exchange->connection->request) : AC_STR("");
    if (signs) {
        ac_keys_sign(exchange->arena, &exchange->by, &options->credentials, ac_env_now_ms(&options->env), to);
    }
    if (exchange->head.framing == AC_HEAD_CHUNKS) {
        ac_pairs_add(exchange->arena, &to->headers, AC_STR("Transfer-Encoding"), AC_STR("chunked"));
    }
}

static bool verify(ac_exchange *exchange, ac_refusal *refusal)
{
    const ac_proxy_options *options = &exchange->connection->proxy->options;
    ac_request signed_request = exchange->head.request;
    signed_request.body = ac_buf_str(&exchange->connection->request);
    if (options->pass_through) {
        exchange->by.signer = ac_signer_of(&signed_request);
        return true;
    }
    return ac_keys_verify(exchange->arena, &signed_request, ac_env_now_ms(&options->env), &exchange->by,
                          refusal);
}

/* The path as the client signed it: in absolute form, what follows the host. */
static void set_origin_form(ac_exchange *exchange)
{
    ac_request *request = &exchange->head.request;
    if (!ac_str_starts(request->target, AC_STR("/"))) {
        request->target = exchange->route.target;
    }
}

static bool find_route(ac_exchange *exchange, ac_refusal *refusal)
{
    const ac_connection *connection = exchange->connection;
    ac_request asked = exchange->head.request;
    ac_sign_claim claim = {0};
    asked.body = ac_buf_str(&connection->request);
    const ac_signer *signer = ac_signer_of(&asked);
    if (signer) {
        (void)signer->claim(exchange->arena, &asked, &claim);
    }
    return ac_route_find(exchange->arena, &connection->proxy->options.router, connection->tunnel, &asked,
                         &claim, &exchange->route, refusal);
}

static bool check_body(const ac_exchange *exchange, ac_refusal *refusal)
{
    const ac_proxy_options *options = &exchange->connection->proxy->options;
    bool head = ac_str_is(exchange->head.request.method, "HEAD");
    if (head && exchange->head.framing != AC_HEAD_NO_BODY && exchange->connection->request.n > 0) {
        *refusal = (ac_refusal){400, "a HEAD request has a body"};
        return false;
    }
    bool large = !exchange->body_over || exchange->connection->request.n > options->keep_bytes;
    if (large && !options->pass_through) {
        *refusal = (ac_refusal){413, "the body is too large to be signed anew"};
        return false;
    }
    return true;
}

/* ---- the record ---- */

static void fill_record(ac_exchange *exchange, const ac_outcome *outcome)
{
    ac_connection *connection = exchange->connection;
    ac_record *record = &exchange->record;
    record->duration_us = ac_monotonic_us() - connection->arrived_us;
    record->first_byte_us = exchange->first_byte_us;
    record->base_url = exchange->route.base_url;
    record->request = exchange->head.request;
    record->request.target = exchange->route.target;
    record->request.body =
        ac_str_sub(ac_buf_str(&connection->request), 0, connection->proxy->options.keep_bytes);
    record->request_cut =
        exchange->body_dropped || !exchange->body_over || record->request.body.n < connection->request.n;
    record->response = outcome->response;
    record->response.body = ac_buf_str(&connection->kept);
    if (exchange->by.signer) {
        record->signer = ac_str_c(exchange->by.signer->name);
    }
}

static void judge(ac_exchange *exchange, const ac_outcome *outcome)
{
    ac_record *record = &exchange->record;
    if (outcome->transport == AC_TRANSPORT_TIMEOUT && exchange->waits_for_client) {
        exchange->client_fault = "the client was silent in the middle of its request";
    }
    if (exchange->client_fault) {
        record->end = AC_RECORD_CLIENT_GONE;
        record->why = ac_str_c(exchange->client_fault);
    } else if (outcome->transport != AC_TRANSPORT_OK) {
        record->end = AC_RECORD_UPSTREAM_FAILED;
        record->why =
            ac_str_printf(exchange->arena, "%s: %s", ac_transport_name(outcome->transport), outcome->detail);
    }
}

static bool append(ac_exchange *exchange, const ac_outcome *outcome)
{
    if (!exchange->route.record) {
        return true;
    }
    fill_record(exchange, outcome);
    return ac_proxy_append(exchange->connection->proxy, exchange->arena, &exchange->record);
}

/* ---- the end ---- */

/* Instead of an answer of which the client has nothing yet. */
static bool refuse(ac_exchange *exchange, int status, const char *why)
{
    const ac_refusal refusal = {status, why};
    ac_answer_refusal(exchange->connection, &exchange->head.request, &refusal);
    return false;
}

static bool end_failed(ac_exchange *exchange)
{
    ac_str why = exchange->record.why;
    const char *text = ac_str_z(exchange->arena, why);
    if (exchange->body_bad && !exchange->begun) {
        return refuse(exchange, 400, text);
    }
    if (!exchange->client_fault && !exchange->begun) {
        return refuse(exchange, 502, text);
    }
    ac_proxy_tell(exchange->connection->proxy, "%.*s %.*s: cut: %s",
                  AC_STR_FMT(exchange->head.request.method),
                  AC_STR_FMT(ac_target_path(exchange->route.target)), text);
    return false;
}

static bool end(ac_exchange *exchange, const ac_outcome *outcome)
{
    judge(exchange, outcome);
    if (!append(exchange, outcome)) {
        return exchange->begun ? false : refuse(exchange, 503, "the exchange cannot be recorded");
    }
    if (exchange->record.end != AC_RECORD_WHOLE) {
        return end_failed(exchange);
    }
    bool sent = ac_answer_end(exchange);
    if (sent && !exchange->body_over) {
        ac_stream_linger(&exchange->connection->stream);
    }
    return sent && exchange->keep_alive && exchange->body_over;
}

static bool relay(ac_exchange *exchange)
{
    ac_connection *connection = exchange->connection;
    ac_outcome outcome;
    ac_err err = {0};
    if (!connection->relay && !(connection->relay = ac_proxy_take_relay(connection->proxy, &err))) {
        return refuse(exchange, 502, err.text);
    }
    ac_relay_call call = {
        .base_url = exchange->route.base_url,
        .request = &exchange->sent,
        .wait_fd = connection->stream.fd,
        .listener = {exchange, ac_upload_next, ac_answer_head, ac_answer_body, ac_answer_idle},
    };
    if (!exchange->body_over) {
        bool chunks = exchange->head.framing == AC_HEAD_CHUNKS;
        call.body_kind = chunks ? AC_RELAY_CHUNKS : AC_RELAY_LENGTH;
        call.body_bytes = exchange->head.length;
    }
    ac_relay_run(connection->relay, exchange->arena, &call, &outcome);
    return end(exchange, &outcome);
}

/* ---- one exchange ---- */

static ac_exchange begin(ac_connection *connection, const ac_head *head)
{
    const ac_proxy_options *options = &connection->proxy->options;
    ac_exchange exchange = {
        .connection = connection, .arena = connection->arena, .head = *head, .first_byte_us = -1};
    exchange.record.number = ac_proxy_number(connection->proxy);
    exchange.record.started_ms =
        ac_env_now_ms(&options->env) - (ac_monotonic_us() - connection->arrived_us) / 1000;
    return exchange;
}

bool ac_exchange_run(ac_connection *connection, const ac_head *head)
{
    const ac_proxy_options *options = &connection->proxy->options;
    ac_exchange exchange = begin(connection, head);
    ac_refusal refusal;
    ac_err err = {0};
    if (!ac_journal_sound(options->journal, &err)) {
        return refuse(&exchange, 503, "nothing is recorded any more");
    }
    if (!ac_upload_read(&exchange, options->pass_through ? WHOLE_BYTES : options->keep_bytes)) {
        return exchange.body_bad && refuse(&exchange, 400, exchange.client_fault);
    }
    if (!find_route(&exchange, &refusal)) {
        return refuse(&exchange, refusal.status, refusal.why);
    }
    set_origin_form(&exchange);
    if (exchange.route.record && (!check_body(&exchange, &refusal) || !verify(&exchange, &refusal))) {
        return refuse(&exchange, refusal.status, refusal.why);
    }
    prepare_request(&exchange);
    return relay(&exchange);
}
