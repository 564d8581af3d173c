/* Requests byte by byte: against what official clients sent (tests/vectors), and against signatures that were
 * computed apart from this program, from the documented algorithms. */
#include "wire/wire.h"

#include <string.h>

#include "base/file.h"
#include "contract/corpus.h"
#include "support.h"

enum { FILE_MAX = 1 << 20 };

static const int64_t clock_ms = 1768465845000; /* 2026-01-15T08:30:45Z */
static const ac_str nonce = AC_STR_INIT("0123456789abcdef0123456789abcdef");

static const char peer[] = "alibaba/vpcpeer/2022-01-01/CreateVpcPeerConnection";
static const char endpoint[] = "alibaba/privatelink/2020-04-15/CreateVpcEndpoint";
static const char instance[] = "alibaba/elasticsearch/2017-06-13/CreateVpcEndpoint";
static const char volcengine[] = "volcengine/privatelink/2020-04-01/CreateVpcEndpoint";

static const char acs3[] = "acs3-hmac-sha256";
static const char rpc[] = "acs-rpc-hmac-sha1";
static const char roa[] = "acs-roa-hmac-sha1";
static const char volc[] = "volc-hmac-sha256";

/* ---- the bed ---- */

typedef struct bed {
    ac_arena *arena;
    ac_corpus *corpus;
    ac_call call;
    ac_request request;
    ac_sign_stages stages;
    ac_err err;
} bed;

static bed begin_with(const char *cases)
{
    ac_err err = {0};
    ac_corpus *corpus = ac_corpus_load(NULL, cases, &err);
    ck_assert_msg(corpus != NULL, "%s", err.text);
    return (bed){
        .arena = ac_test_arena(),
        .corpus = corpus,
        .call = {.credentials = {.access_key_id = AC_STR("AKACCORD0001"),
                                 .access_key_secret = ac_secret_of(AC_STR("accord-mock-not-a-secret"))},
                 .host = AC_STR("127.0.0.1:8085"),
                 .region = AC_STR("cn-guangzhou"),
                 .now_ms = clock_ms,
                 .nonce = nonce}};
}

static bed begin(void)
{
    return begin_with("cases");
}

static void end(bed *b)
{
    ac_corpus_free(b->corpus);
}

static const ac_json *json(bed *b, const char *text)
{
    const ac_json *parsed = ac_json_parse(b->arena, ac_str_c(text), &ac_json_file_limits, &b->err);
    ck_assert_msg(parsed != NULL, "%s in %s", b->err.text, text);
    return parsed;
}

static void choose(bed *b, const char *operation, const char *signer, const char *method)
{
    b->call.contract = ac_corpus_contract(b->corpus, ac_str_c(operation));
    ck_assert_msg(b->call.contract != NULL, "%s", operation);
    b->call.signer = ac_signer_find(ac_str_c(signer));
    b->call.method = ac_str_c(method);
}

static bool build(bed *b, const char *params)
{
    b->call.params = json(b, params);
    return ac_wire_build(b->arena, &b->call, &b->request, &b->stages, &b->err);
}

static void must_build(bed *b, const char *params)
{
    ck_assert_msg(build(b, params), "%s", b->err.text);
}

/* Method, target, headers, empty line, body. */
static ac_str shown(bed *b)
{
    ac_buf text;
    ac_buf_init(&text, SIZE_MAX / 4);
    ac_buf_printf(&text, "%.*s %.*s\n", AC_STR_FMT(b->request.method), AC_STR_FMT(b->request.target));
    for (size_t i = 0; i < b->request.headers.count; i++) {
        const ac_pair *header = &b->request.headers.items[i];
        ac_buf_printf(&text, "%.*s: %.*s\n", AC_STR_FMT(header->name), AC_STR_FMT(header->value));
    }
    ac_buf_add_char(&text, '\n');
    ac_buf_add(&text, b->request.body);
    return ac_buf_take(&text, b->arena);
}

static ac_verify_result verified(bed *b)
{
    ac_verify_report report;
    b->call.signer->verify(b->arena, &b->request, b->call.credentials.access_key_secret, &report);
    return report.result;
}

static ac_str header(bed *b, const char *name)
{
    return ac_header(&b->request.headers, name);
}

/* ---- official clients ---- */

static const ac_json *read_file(bed *b, const char *path)
{
    ac_str text = ac_file_read(b->arena, path, FILE_MAX, &b->err);
    ck_assert_msg(text.p != NULL, "%s", b->err.text);
    return json(b, text.p);
}

static ac_str text_at(const ac_json *value, const char *pointer)
{
    return ac_json_text(ac_json_at(value, ac_str_c(pointer)));
}

static const ac_json *find_vector(const ac_json *vectors, ac_str scheme, ac_str name)
{
    const ac_json *list = ac_json_get(vectors, scheme);
    for (size_t i = 0; list && i < list->count; i++) {
        if (ac_str_eq(text_at(&list->items[i], "/name"), name)) {
            return &list->items[i];
        }
    }
    ck_abort_msg("no vector %.*s", AC_STR_FMT(name));
    return NULL;
}

static ac_str either(ac_str first, ac_str second)
{
    return first.p ? first : second;
}

static ac_credentials credentials_of(const ac_json *vector)
{
    const ac_json *given = ac_json_get_c(vector, "credentials");
    return (ac_credentials){
        text_at(given, "/accessKeyId"),
        ac_secret_of(either(text_at(given, "/accessKeySecret"), text_at(given, "/secretAccessKey"))),
        ac_secret_of(either(text_at(given, "/securityToken"), text_at(given, "/sessionToken")))};
}

/* The signature covers all that matters; the order of parameters it does not cover. */
static void comes_out_the_same(bed *b, const ac_json *given, const ac_json *vector)
{
    ac_str name = text_at(given, "/vector");
    b->call.contract = ac_corpus_contract(b->corpus, text_at(given, "/operation"));
    b->call.signer = ac_signer_find(text_at(given, "/scheme"));
    b->call.credentials = credentials_of(vector);
    b->call.params = ac_json_get_c(given, "params");
    b->call.headers = ac_json_get_c(given, "headers");
    b->call.method = text_at(given, "/method");
    b->call.host = either(text_at(given, "/host"), AC_STR("127.0.0.1:8080"));
    bool ok = ac_wire_build(b->arena, &b->call, &b->request, &b->stages, &b->err);
    ck_assert_msg(ok, "%.*s: %s", AC_STR_FMT(name), b->err.text);
    ac_str signature = text_at(vector, "/signature");
    bool same_bytes = !ac_json_get_c(given, "other_bytes");
    ck_assert_msg(!same_bytes || ac_str_eq(b->stages.signature, signature),
                  "%.*s: signature %.*s, not %.*s, of\n%.*s", AC_STR_FMT(name),
                  AC_STR_FMT(b->stages.signature), AC_STR_FMT(signature),
                  AC_STR_FMT(b->stages.string_to_sign));
    ck_assert_int_eq(verified(b), AC_VERIFY_OK);
    if (ac_json_get_c(given, "same_order")) {
        ac_str target = ac_percent_decoded(b->arena, b->request.target);
        ac_str expected = ac_percent_decoded(b->arena, text_at(vector, "/request/target"));
        ck_assert_ac_str(target, ac_str_z(b->arena, expected));
        ck_assert_ac_str(ac_percent_decoded(b->arena, b->request.body),
                         ac_str_z(b->arena, text_at(vector, "/request/body")));
    }
}

START_TEST(calls_come_out_as_official_clients_send_them)
{
    bed b = begin();
    const ac_json *vectors = read_file(&b, "tests/vectors/signing.json");
    const ac_json *calls = read_file(&b, "tests/fixtures/wire/calls.json");
    ck_assert_uint_ge(calls->count, 19);
    for (size_t i = 0; i < calls->count; i++) {
        const ac_json *given = &calls->items[i];
        comes_out_the_same(&b, given,
                           find_vector(vectors, text_at(given, "/scheme"), text_at(given, "/vector")));
    }
    end(&b);
}
END_TEST

/* ---- exact bytes ---- */

START_TEST(rpc_style_with_acs3)
{
    bed b = begin();
    choose(&b, endpoint, acs3, NULL);
    must_build(&b, "{\"RegionId\":\"cn-hangzhou\",\"Zone\":[{\"ZoneId\":\"z *\"},{\"ZoneId\":\"\"}]}");
    ck_assert_ac_str(
        shown(&b), "POST /?RegionId=cn-hangzhou&Zone.1.ZoneId=z%20%2A&Zone.2.ZoneId=\n"
                   "Host: 127.0.0.1:8085\n"
                   "Accept: application/json\n"
                   "x-acs-action: CreateVpcEndpoint\n"
                   "x-acs-version: 2020-04-15\n"
                   "x-acs-date: 2026-01-15T08:30:45Z\n"
                   "x-acs-signature-nonce: 0123456789abcdef0123456789abcdef\n"
                   "x-acs-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
                   "Authorization: ACS3-HMAC-SHA256 Credential=AKACCORD0001,SignedHeaders=host;x-acs-action;"
                   "x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,"
                   "Signature=27395f0b73243a55c8f513ba71a1928a21db06b33057502945dbe25e76e7545a\n"
                   "\n");
    ck_assert_int_eq(verified(&b), AC_VERIFY_OK);
    end(&b);
}
END_TEST

START_TEST(rpc_style_with_hmac_sha1_puts_its_parameters_beside_the_others)
{
    bed b = begin();
    choose(&b, peer, rpc, NULL);
    must_build(&b, "{\"Tag\":[{\"Key\":\"k\"}],\"RegionId\":\"cn-hangzhou\",\"Bandwidth\":100}");
    ck_assert_ac_str(shown(&b),
                     "POST /?Tag.1.Key=k\n"
                     "Host: 127.0.0.1:8085\n"
                     "Content-Type: application/x-www-form-urlencoded\n"
                     "\n"
                     "RegionId=cn-hangzhou&Bandwidth=100&Action=CreateVpcPeerConnection&Version=2022-01-01"
                     "&Format=JSON&AccessKeyId=AKACCORD0001&SignatureMethod=HMAC-SHA1"
                     "&SignatureNonce=0123456789abcdef0123456789abcdef&SignatureVersion=1.0"
                     "&Timestamp=2026-01-15T08%3A30%3A45Z&Signature=VEQKACE1SxXP7gYHlLTik3E32IQ%3D");
    ck_assert_int_eq(verified(&b), AC_VERIFY_OK);
    end(&b);
}
END_TEST

START_TEST(path_style_with_acs3_below_a_prefix)
{
    bed b = begin();
    choose(&b, instance, acs3, NULL);
    b.call.prefix = AC_STR("/emulator");
    must_build(&b, "{\"serviceId\":9007199254740993,\"InstanceId\":\"es 1\",\"dryRun\":false,"
                   "\"zoneId\":\"z\\\"1\"}");
    ck_assert_ac_str(
        shown(&b), "POST /emulator/openapi/instances/es%201/vpc-endpoints?dryRun=false\n"
                   "Host: 127.0.0.1:8085\n"
                   "Accept: application/json\n"
                   "Content-Type: application/json; charset=utf-8\n"
                   "x-acs-action: CreateVpcEndpoint\n"
                   "x-acs-version: 2017-06-13\n"
                   "x-acs-date: 2026-01-15T08:30:45Z\n"
                   "x-acs-signature-nonce: 0123456789abcdef0123456789abcdef\n"
                   "x-acs-content-sha256: 16269a004c576e1c7a85b93a57daa89d99ed58eef2f6980e04250efd841364c2\n"
                   "Authorization: ACS3-HMAC-SHA256 "
                   "Credential=AKACCORD0001,SignedHeaders=content-type;host;x-acs-action;"
                   "x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,"
                   "Signature=222ecd45973b545d73e5f0f0e7ebb76e2b04f8650ce925614ec9dd04ac0c42ab\n"
                   "\n"
                   "{\"serviceId\":9007199254740993,\"zoneId\":\"z\\\"1\"}");
    ck_assert_int_eq(verified(&b), AC_VERIFY_OK);
    end(&b);
}
END_TEST

START_TEST(path_style_with_hmac_sha1)
{
    bed b = begin();
    choose(&b, instance, roa, NULL);
    must_build(&b, "{\"InstanceId\":\"es-1\",\"dryRun\":false}");
    ck_assert_ac_str(shown(&b), "POST /openapi/instances/es-1/vpc-endpoints?dryRun=false\n"
                                "Host: 127.0.0.1:8085\n"
                                "Content-Type: application/json; charset=utf-8\n"
                                "Accept: application/json\n"
                                "x-acs-version: 2017-06-13\n"
                                "Date: Thu, 15 Jan 2026 08:30:45 GMT\n"
                                "x-acs-signature-nonce: 0123456789abcdef0123456789abcdef\n"
                                "x-acs-signature-method: HMAC-SHA1\n"
                                "x-acs-signature-version: 1.0\n"
                                "Authorization: acs AKACCORD0001:HCwyolShcn1HQH7wVqFz09fFtp8=\n"
                                "\n"
                                "{}");
    ck_assert_int_eq(verified(&b), AC_VERIFY_OK);
    end(&b);
}
END_TEST

START_TEST(volcengine_style)
{
    bed b = begin();
    choose(&b, volcengine, volc, NULL);
    must_build(&b, "{\"Zones\":[{\"ZoneId\":\"a b\"}],\"VpcId\":\"vpc-1\"}");
    ck_assert_ac_str(
        shown(&b),
        "GET /?Action=CreateVpcEndpoint&Version=2020-04-01&Zones.1.ZoneId=a%20b&VpcId=vpc-1\n"
        "Host: 127.0.0.1:8085\n"
        "x-date: 20260115T083045Z\n"
        "Authorization: HMAC-SHA256 Credential=AKACCORD0001/20260115/cn-guangzhou/privatelink/request, "
        "SignedHeaders=host;x-date, "
        "Signature=92cff8752527276137355acc06b0d8f12103bff80d18f20943e143eb8a2932a3\n"
        "\n");
    ck_assert_int_eq(verified(&b), AC_VERIFY_OK);
    end(&b);
}
END_TEST

/* ---- parameters ---- */

typedef struct layout {
    const char *params, *expected; /* target, then the body after a space where there is one */
} layout;

static void lays_out(bed *b, const layout *layouts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        must_build(b, layouts[i].params);
        ac_str all = ac_str_printf(b->arena, "%.*s%s%.*s", AC_STR_FMT(b->request.target),
                                   b->request.body.n > 0 ? " " : "", AC_STR_FMT(b->request.body));
        ck_assert_msg(ac_str_is(all, layouts[i].expected), "%s gives %s, not %s", layouts[i].params, all.p,
                      layouts[i].expected);
        ck_assert_int_eq(verified(b), AC_VERIFY_OK);
    }
}

START_TEST(parameters_are_flattened_in_the_order_given)
{
    static const layout layouts[] = {
        {"{\"Id\":\"1\",\"b\":\"2\",\"a\":\"1\"}", "/a/1/b?b=2&a=1"},
        {"{\"Id\":1}", "/a/1/b"},
        {"{\"Id\":\"1\",\"One\":[\"a\",true,false,12.50,1e400]}",
         "/a/1/b?One.1=a&One.2=true&One.3=false&One.4=12.50&One.5=1e400"},
        {"{\"Id\":\"1\",\"Zero\":[\"a\",\"b\"]}", "/a/1/b?Zero.0=a&Zero.1=b"},
        {"{\"Id\":\"1\",\"Deep\":[{\"Inner\":[{\"Key\":\"a\"},{\"Key\":\"b\"}]},{\"Inner\":[{\"Key\":\"c\"}]}"
         "]}",
         "/a/1/b?Deep.1.Inner.5.Key=a&Deep.1.Inner.6.Key=b&Deep.2.Inner.5.Key=c"},
        {"{\"Id\":\"1\",\"X\":[[\"a\",\"b\"],{\"k\":[\"c\"]}]}", "/a/1/b?X.1.1=a&X.1.2=b&X.2.k.1=c"},
        {"{\"Id\":\"1\",\"X\":null,\"Y\":[],\"Z\":{},\"W\":[null,\"b\",[]],\"V\":{\"k\":null}}",
         "/a/1/b?W.2=b"},
        {"{\"Id\":\"1\",\"One.3\":\"c\",\"One.1\":\"a\",\"Deep.2.Inner.9.Key\":\"\"}",
         "/a/1/b?One.3=c&One.1=a&Deep.2.Inner.9.Key="},
        {"{\"Id\":\"1\",\"a b\":\"c&d=e+f\",\"\":\"\\u7ec8\"}", "/a/1/b?a%20b=c%26d%3De%2Bf&=%E7%BB%88"},
    };
    bed b = begin_with("tests/fixtures/wire/cases");
    choose(&b, "any/thing/1/Do", acs3, NULL);
    lays_out(&b, layouts, AC_COUNT(layouts));
    end(&b);
}
END_TEST

START_TEST(eleven_elements_have_two_digits)
{
    bed b = begin_with("tests/fixtures/wire/cases");
    choose(&b, "any/thing/1/Do", acs3, NULL);
    must_build(&b, "{\"Id\":\"1\",\"One\":[0,0,0,0,0,0,0,0,0,\"j\",\"k\"]}");
    ck_assert(ac_str_ends(b.request.target, AC_STR("&One.9=0&One.10=j&One.11=k")));
    end(&b);
}
END_TEST

/* {"aaaa…":[0,0,0…]} would be 32 GB of names. */
START_TEST(names_do_not_multiply_without_end)
{
    enum { LENGTH = 256 * 1024 };
    bed b = begin_with("tests/fixtures/wire/cases");
    ac_buf text;
    ac_buf_init(&text, 4 * LENGTH);
    ac_buf_printf(&text, "{\"Id\":\"1\",\"%0*d\":[0", LENGTH, 0);
    for (size_t i = 0; i < LENGTH; i++) {
        ac_buf_add_c(&text, ",0");
    }
    ac_buf_add_c(&text, "]}");
    choose(&b, "any/thing/1/Do", acs3, NULL);
    ck_assert(!build(&b, text.p));
    ck_assert_ac_err(b.err, "any/thing/1/Do: the names of the parameters pass 4 MiB");
    ck_assert_uint_lt(ac_arena_size(b.arena), 256u * 1024 * 1024);
    ac_buf_done(&text);
    end(&b);
}
END_TEST

START_TEST(form_parameters_go_where_the_method_lets_them)
{
    static const layout as_query[] = {
        {"{\"Id\":\"1\",\"Form\":\"f\",\"One\":[\"o\"]}", "/a/1/b?Form=f&One.1=o"}};
    static const layout as_form[] = {
        {"{\"Id\":\"1\",\"Form\":\"f g\",\"One\":[\"o\"]}", "/a/1/b?One.1=o Form=f%20g"},
        {"{\"Id\":\"1\",\"Form\":{\"k\":[\"v\"]}}", "/a/1/b Form.k.1=v"},
        {"{\"Id\":\"1\",\"One\":[\"o\"]}", "/a/1/b?One.1=o"},
    };
    bed b = begin_with("tests/fixtures/wire/cases");
    choose(&b, "any/thing/1/Do", acs3, NULL);
    lays_out(&b, as_query, AC_COUNT(as_query));
    ck_assert_ptr_null(header(&b, "Content-Type").p);
    b.call.method = AC_STR("POST");
    lays_out(&b, as_form, AC_COUNT(as_form));
    ck_assert_ptr_null(header(&b, "Content-Type").p);
    end(&b);
}
END_TEST

START_TEST(json_bodies_have_the_members_by_name)
{
    static const layout put[] = {
        {"{}", "/things {}"},
        {"{\"Size\":1.0e2,\"Unknown\":1}", "/things?Unknown=1 {\"Size\":1.0e2}"},
        {"{\"Filters\":[{\"Name\":null}],\"Size\":\"\"}",
         "/things {\"Filters\":[{\"Name\":null}],\"Size\":\"\"}"},
        {"{\"Size\":null,\"Filters\":[]}", "/things {\"Filters\":[]}"},
        {"{\"Filters.1.Name\":\"x\"}", "/things {\"Filters.1.Name\":\"x\"}"},
        {"{\"body\":{\"Size\":1}}", "/things {\"Size\":1}"},
        {"{\"body\":[1,2]}", "/things [1,2]"},
        {"{\"body\":null}", "/things {}"},
    };
    static const layout get[] = {{"{\"Size\":1,\"Unknown\":1}", "/things?Unknown=1"}};
    bed b = begin_with("tests/fixtures/wire/cases");
    choose(&b, "any/thing/1/Put", acs3, NULL);
    lays_out(&b, put, AC_COUNT(put));
    ck_assert_ac_str(header(&b, "Content-Type"), "application/json; charset=utf-8");
    ck_assert(!build(&b, "{\"body\":{},\"Size\":1}"));
    ck_assert_int_eq(b.err.kind, AC_ERR_USAGE);
    ck_assert_ac_err(b.err, "any/thing/1/Put: \"body\" is the whole body");
    b.call.method = AC_STR("GET");
    lays_out(&b, get, AC_COUNT(get));
    ck_assert_ptr_null(header(&b, "Content-Type").p);
    end(&b);
}
END_TEST

START_TEST(paths_need_their_parameters)
{
    static const layout layouts[] = {
        {"{\"Id\":\"\"}", "/a//b"},
        {"{\"Id\":\"a/b c~\"}", "/a/a%2Fb%20c~/b"},
        {"{\"Id\":true}", "/a/true/b"},
    };
    static const char *const missing[] = {"{}", "{\"Id\":null}", "{\"Id\":[]}", "{\"Id\":{}}"};
    bed b = begin_with("tests/fixtures/wire/cases");
    choose(&b, "any/thing/1/Do", acs3, NULL);
    lays_out(&b, layouts, AC_COUNT(layouts));
    for (size_t i = 0; i < AC_COUNT(missing); i++) {
        b.err = (ac_err){0};
        ck_assert(!build(&b, missing[i]));
        ck_assert_int_eq(b.err.kind, AC_ERR_USAGE);
        ck_assert_ac_err(b.err, "any/thing/1/Do: the path needs the parameter \"Id\"");
    }
    end(&b);
}
END_TEST

START_TEST(headers_of_the_case_win)
{
    bed b = begin_with("tests/fixtures/wire/cases");
    choose(&b, "any/thing/1/Do", acs3, NULL);
    b.call.headers =
        json(&b, "{\"accept\":\"text/xml\",\"X-More\":7,\"host\":null,\"x-acs-action\":\"Other\"}");
    must_build(&b, "{\"Id\":\"1\",\"X-Kind\":\"k\"}");
    ck_assert_ac_str(header(&b, "Accept"), "text/xml");
    ck_assert_ac_str(header(&b, "X-More"), "7");
    ck_assert_ac_str(header(&b, "X-Kind"), "k");
    ck_assert_ac_str(header(&b, "x-acs-action"), "Other");
    ck_assert_ptr_null(header(&b, "Host").p);
    ck_assert_ac_str(b.request.target, "/a/1/b");
    end(&b);
}
END_TEST

START_TEST(schemes_that_do_not_fit_are_refused)
{
    bed b = begin();
    choose(&b, endpoint, volc, NULL);
    ck_assert(!build(&b, "{}"));
    ck_assert_int_eq(b.err.kind, AC_ERR_USAGE);
    ck_assert_ac_err(
        b.err, "CreateVpcEndpoint: signature scheme \"volc-hmac-sha256\" does not fit the style \"rpc\"");
    b.call.signer = NULL;
    ck_assert(!build(&b, "{}"));
    ck_assert_ac_err(b.err, "\"none\"");
    end(&b);
}
END_TEST

/* ---- tampering ---- */

/* What a verifier that knows the secret says of each scheme's request. */
static const struct {
    ac_tamper tamper;
    ac_verify_result acs3_query, acs3_json, rpc, roa, volc;
} verdicts[] = {
    {AC_TAMPER_NONE, AC_VERIFY_OK, AC_VERIFY_OK, AC_VERIFY_OK, AC_VERIFY_OK, AC_VERIFY_OK},
    {AC_TAMPER_WRONG_KEY, AC_VERIFY_MISMATCH, AC_VERIFY_MISMATCH, AC_VERIFY_MISMATCH, AC_VERIFY_MISMATCH,
     AC_VERIFY_MISMATCH},
    {AC_TAMPER_UNKNOWN_KEY, AC_VERIFY_OK, AC_VERIFY_OK, AC_VERIFY_OK, AC_VERIFY_OK, AC_VERIFY_OK},
    {AC_TAMPER_NO_KEY, AC_VERIFY_NO_ACCESS_KEY, AC_VERIFY_NO_ACCESS_KEY, AC_VERIFY_NO_ACCESS_KEY,
     AC_VERIFY_NO_ACCESS_KEY, AC_VERIFY_NO_ACCESS_KEY},
    {AC_TAMPER_NO_SIGNATURE, AC_VERIFY_MALFORMED, AC_VERIFY_MALFORMED, AC_VERIFY_NO_SIGNATURE,
     AC_VERIFY_MALFORMED, AC_VERIFY_MALFORMED},
    {AC_TAMPER_ALTERED, AC_VERIFY_MISMATCH, AC_VERIFY_BODY_MISMATCH, AC_VERIFY_MISMATCH, AC_VERIFY_MISMATCH,
     AC_VERIFY_MISMATCH},
    {AC_TAMPER_CLOCK_BEHIND, AC_VERIFY_OK, AC_VERIFY_OK, AC_VERIFY_OK, AC_VERIFY_OK, AC_VERIFY_OK},
    {AC_TAMPER_CLOCK_AHEAD, AC_VERIFY_OK, AC_VERIFY_OK, AC_VERIFY_OK, AC_VERIFY_OK, AC_VERIFY_OK},
    {AC_TAMPER_BAD_DATE, AC_VERIFY_BAD_DATE, AC_VERIFY_BAD_DATE, AC_VERIFY_BAD_DATE, AC_VERIFY_BAD_DATE,
     AC_VERIFY_BAD_DATE},
    {AC_TAMPER_REPLAY, AC_VERIFY_OK, AC_VERIFY_OK, AC_VERIFY_OK, AC_VERIFY_OK, AC_VERIFY_OK},
    {AC_TAMPER_NO_ACTION, AC_VERIFY_OK, AC_VERIFY_OK, AC_VERIFY_OK, AC_VERIFY_OK, AC_VERIFY_OK},
    {AC_TAMPER_NO_VERSION, AC_VERIFY_INCOMPLETE, AC_VERIFY_INCOMPLETE, AC_VERIFY_OK, AC_VERIFY_OK,
     AC_VERIFY_OK},
    {AC_TAMPER_OTHER_ACTION, AC_VERIFY_OK, AC_VERIFY_OK, AC_VERIFY_OK, AC_VERIFY_OK, AC_VERIFY_OK},
    {AC_TAMPER_OTHER_VERSION, AC_VERIFY_OK, AC_VERIFY_OK, AC_VERIFY_OK, AC_VERIFY_OK, AC_VERIFY_OK},
};

static void build_tampered(bed *b, const char *operation, const char *signer, ac_tamper tamper)
{
    choose(b, operation, signer, NULL);
    b->call.tamper = tamper;
    must_build(b, ac_str_is(ac_str_c(operation), instance)     ? "{\"InstanceId\":\"es-1\"}"
                  : ac_str_is(ac_str_c(operation), volcengine) ? "{\"VpcId\":\"vpc-1\"}"
                                                               : "{\"RegionId\":\"cn-hangzhou\"}");
}

static void is_judged(bed *b, const char *operation, const char *signer, ac_tamper tamper,
                      ac_verify_result expected)
{
    build_tampered(b, operation, signer, tamper);
    ac_verify_result result = verified(b);
    ck_assert_msg(result == expected, "%s, tampering %d: %s, not %s\n%s", signer, (int)tamper,
                  ac_verify_result_name(result), ac_verify_result_name(expected), shown(b).p);
}

START_TEST(tampering_is_what_a_verifier_calls_it)
{
    bed b = begin();
    ck_assert_uint_eq(AC_COUNT(verdicts), AC_TAMPER_COUNT);
    for (size_t i = 0; i < AC_COUNT(verdicts); i++) {
        ac_tamper tamper = verdicts[i].tamper;
        ck_assert_int_eq(tamper, (int)i);
        is_judged(&b, endpoint, acs3, tamper, verdicts[i].acs3_query);
        is_judged(&b, instance, acs3, tamper, verdicts[i].acs3_json);
        is_judged(&b, endpoint, rpc, tamper, verdicts[i].rpc);
        is_judged(&b, peer, rpc, tamper, verdicts[i].rpc);
        is_judged(&b, instance, roa, tamper, verdicts[i].roa);
        is_judged(&b, volcengine, volc, tamper, verdicts[i].volc);
    }
    end(&b);
}
END_TEST

static void has_text(bed *b, const char *operation, const char *signer, ac_tamper tamper, const char *part)
{
    build_tampered(b, operation, signer, tamper);
    ck_assert_msg(strstr(shown(b).p, part) != NULL, "%s, tampering %d: no %s in\n%s", signer, (int)tamper,
                  part, shown(b).p);
}

static void lacks_text(bed *b, const char *operation, const char *signer, ac_tamper tamper, const char *part)
{
    build_tampered(b, operation, signer, tamper);
    ck_assert_msg(!strstr(shown(b).p, part), "%s, tampering %d: %s in\n%s", signer, (int)tamper, part,
                  shown(b).p);
}

START_TEST(key_and_signature_are_taken_out_whole)
{
    bed b = begin();
    has_text(&b, endpoint, acs3, AC_TAMPER_NO_KEY, "Authorization: ACS3-HMAC-SHA256 SignedHeaders=host;");
    has_text(&b, volcengine, volc, AC_TAMPER_NO_KEY,
             "Authorization: HMAC-SHA256 SignedHeaders=host;x-date, Signature=");
    has_text(&b, instance, roa, AC_TAMPER_NO_KEY, "Authorization: acs :");
    lacks_text(&b, endpoint, rpc, AC_TAMPER_NO_KEY, "AccessKeyId");
    lacks_text(&b, peer, rpc, AC_TAMPER_NO_KEY, "AccessKeyId");
    has_text(&b, endpoint, acs3, AC_TAMPER_NO_SIGNATURE, "x-acs-signature-nonce;x-acs-version\n");
    has_text(&b, volcengine, volc, AC_TAMPER_NO_SIGNATURE, "/request, SignedHeaders=host;x-date\n");
    has_text(&b, instance, roa, AC_TAMPER_NO_SIGNATURE, "Authorization: acs AKACCORD0001:\n");
    lacks_text(&b, endpoint, rpc, AC_TAMPER_NO_SIGNATURE, "Signature=");
    lacks_text(&b, peer, rpc, AC_TAMPER_NO_SIGNATURE, "Signature=");
    b.call.credentials.security_token = ac_secret_of(AC_STR("token"));
    lacks_text(&b, endpoint, acs3, AC_TAMPER_NO_KEY, "AKACCORD0001");
    has_text(&b, endpoint, acs3, AC_TAMPER_NO_SIGNATURE, "x-acs-accesskey-id: AKACCORD0001\n");
    end(&b);
}
END_TEST

START_TEST(one_parameter_is_altered)
{
    bed b = begin();
    has_text(&b, endpoint, acs3, AC_TAMPER_ALTERED, "POST /?RegionId=cn-hangzhoux\n");
    has_text(&b, endpoint, rpc, AC_TAMPER_ALTERED, "RegionId=cn-hangzhoux&Action=CreateVpcEndpoint&");
    has_text(&b, peer, rpc, AC_TAMPER_ALTERED, "\n\nRegionId=cn-hangzhoux&Action=");
    has_text(&b, peer, acs3, AC_TAMPER_ALTERED, "\n\nRegionId=cn-hangzhoux");
    has_text(&b, volcengine, volc, AC_TAMPER_ALTERED, "&Version=2020-04-01&VpcId=vpc-1x\n");
    has_text(&b, instance, acs3, AC_TAMPER_ALTERED, "\n\n{\"AccordAltered\":\"x\"}");
    has_text(&b, instance, roa, AC_TAMPER_ALTERED, "vpc-endpoints?AccordAltered=x\n");
    b.call.tamper = AC_TAMPER_ALTERED;
    choose(&b, instance, acs3, NULL);
    must_build(&b, "{\"InstanceId\":\"es-1\",\"zoneId\":\"z\"}");
    ck_assert_ac_str(b.request.body, "{\"zoneId\":\"z\",\"AccordAltered\":\"x\"}");
    must_build(&b, "{\"InstanceId\":\"es-1\",\"body\":[1]}");
    ck_assert_ac_str(b.request.body, "[1] ");
    choose(&b, volcengine, volc, NULL);
    must_build(&b, "{}");
    ck_assert_ac_str(b.request.target, "/?Action=CreateVpcEndpoint&Version=2020-04-01&AccordAltered=x");
    end(&b);
}
END_TEST

START_TEST(bad_dates_are_signed)
{
    bed b = begin();
    has_text(&b, endpoint, acs3, AC_TAMPER_BAD_DATE, "x-acs-date: yesterday\n");
    has_text(&b, endpoint, acs3, AC_TAMPER_BAD_DATE,
             "Signature=bb7068eef75ac1396a52af1b9fdb5998671aefad157768779bac03ef68ee6b3e\n");
    has_text(&b, endpoint, rpc, AC_TAMPER_BAD_DATE,
             "&Timestamp=yesterday&Signature=4RG68Nd9UTCxEi3wZjzOGk%2BeQ6c%3D\n");
    has_text(&b, peer, rpc, AC_TAMPER_BAD_DATE,
             "&Timestamp=yesterday&Signature=O5JC0UtSW4C0T%2BUXGYeM%2B%2Bp9CFs%3D");
    has_text(&b, instance, roa, AC_TAMPER_BAD_DATE, "Date: yesterday\n");
    has_text(&b, instance, roa, AC_TAMPER_BAD_DATE, "acs AKACCORD0001:gA1oivNBGXRmQ3nzhoNct7FA4LY=\n");
    has_text(&b, volcengine, volc, AC_TAMPER_BAD_DATE, "x-date: yesterday\n");
    has_text(&b, volcengine, volc, AC_TAMPER_BAD_DATE,
             "Credential=AKACCORD0001/20260115/cn-guangzhou/privatelink/request, SignedHeaders=host;x-date, "
             "Signature=dd209ca2470deabad4a06ed378cab673093768833d823978651b8c4ed5c12815\n");
    ck_assert_ac_str(b.stages.signature, "dd209ca2470deabad4a06ed378cab673093768833d823978651b8c4ed5c12815");
    ck_assert(ac_str_starts(b.stages.string_to_sign, AC_STR("HMAC-SHA256\nyesterday\n20260115/")));
    end(&b);
}
END_TEST

START_TEST(the_operation_is_misnamed_and_signed_so)
{
    bed b = begin();
    lacks_text(&b, endpoint, acs3, AC_TAMPER_NO_ACTION, "x-acs-action");
    lacks_text(&b, endpoint, rpc, AC_TAMPER_NO_ACTION, "Action");
    lacks_text(&b, volcengine, volc, AC_TAMPER_NO_ACTION, "Action");
    lacks_text(&b, endpoint, acs3, AC_TAMPER_NO_VERSION, "x-acs-version");
    lacks_text(&b, endpoint, rpc, AC_TAMPER_NO_VERSION, "&Version=");
    lacks_text(&b, instance, roa, AC_TAMPER_NO_VERSION, "x-acs-version");
    has_text(&b, volcengine, volc, AC_TAMPER_NO_VERSION, "/?Action=CreateVpcEndpoint&VpcId=vpc-1\n");
    has_text(&b, endpoint, acs3, AC_TAMPER_OTHER_ACTION, "x-acs-action: AccordNoSuchAction\n");
    has_text(&b, endpoint, rpc, AC_TAMPER_OTHER_ACTION, "&Action=AccordNoSuchAction&");
    has_text(&b, volcengine, volc, AC_TAMPER_OTHER_ACTION, "/?Action=AccordNoSuchAction&");
    has_text(&b, instance, acs3, AC_TAMPER_OTHER_ACTION, "POST /accord/no-such-path\n");
    has_text(&b, instance, acs3, AC_TAMPER_OTHER_ACTION, "x-acs-action: AccordNoSuchAction\n");
    has_text(&b, instance, roa, AC_TAMPER_OTHER_ACTION, "POST /accord/no-such-path\n");
    has_text(&b, endpoint, acs3, AC_TAMPER_OTHER_VERSION, "x-acs-version: 1999-01-01\n");
    has_text(&b, endpoint, rpc, AC_TAMPER_OTHER_VERSION, "&Version=1999-01-01&");
    has_text(&b, volcengine, volc, AC_TAMPER_OTHER_VERSION, "&Version=1999-01-01&");
    end(&b);
}
END_TEST

static ac_sign_claim claim_of(bed *b, const char *operation, const char *signer, ac_tamper tamper)
{
    ac_sign_claim claim;
    build_tampered(b, operation, signer, tamper);
    ck_assert_int_eq(b->call.signer->claim(b->arena, &b->request, &claim), AC_VERIFY_OK);
    return claim;
}

START_TEST(claims_name_another_key_or_hour)
{
    static const struct {
        const char *operation, *signer;
    } calls[] = {{endpoint, acs3}, {endpoint, rpc}, {instance, roa}, {volcengine, volc}};
    bed b = begin();
    for (size_t i = 0; i < AC_COUNT(calls); i++) {
        const char *operation = calls[i].operation;
        const char *signer = calls[i].signer;
        ck_assert_ac_str(claim_of(&b, operation, signer, AC_TAMPER_UNKNOWN_KEY).access_key_id,
                         "AKUNKNOWN0000000000");
        ck_assert_int_eq(claim_of(&b, operation, signer, AC_TAMPER_CLOCK_BEHIND).date_ms, clock_ms - 3600000);
        ck_assert_int_eq(claim_of(&b, operation, signer, AC_TAMPER_CLOCK_AHEAD).date_ms, clock_ms + 3600000);
        ck_assert(!claim_of(&b, operation, signer, AC_TAMPER_BAD_DATE).date_valid);
    }
    end(&b);
}
END_TEST

AC_TEST_MAIN("wire", calls_come_out_as_official_clients_send_them, rpc_style_with_acs3,
             rpc_style_with_hmac_sha1_puts_its_parameters_beside_the_others,
             path_style_with_acs3_below_a_prefix, path_style_with_hmac_sha1, volcengine_style,
             parameters_are_flattened_in_the_order_given, eleven_elements_have_two_digits,
             names_do_not_multiply_without_end, form_parameters_go_where_the_method_lets_them,
             json_bodies_have_the_members_by_name, paths_need_their_parameters, headers_of_the_case_win,
             schemes_that_do_not_fit_are_refused, tampering_is_what_a_verifier_calls_it,
             key_and_signature_are_taken_out_whole, one_parameter_is_altered, bad_dates_are_signed,
             the_operation_is_misnamed_and_signed_so, claims_name_another_key_or_hour)
