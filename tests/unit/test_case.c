#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "case/case.h"
#include "case/lint.h"
#include "case/vars.h"
#include "support.h"

static ac_corpus *corpus;
static ac_cases cases;

static void load(void)
{
    ac_err err = {0};
    corpus = ac_corpus_load(NULL, "cases", &err);
    ck_assert_msg(corpus && ac_cases_load(corpus, &cases, &err), "%s", err.text);
}

static void done(void)
{
    ac_corpus_free(corpus);
    corpus = NULL;
}

static const ac_case *find(const char *id)
{
    for (size_t i = 0; i < cases.count; i++) {
        if (ac_str_is(cases.items[i].id, id)) {
            return &cases.items[i];
        }
    }
    ck_abort_msg("there is no case %s", id);
    return NULL;
}

static ac_str param(const ac_case *c, const char *pointer)
{
    return ac_json_text(ac_json_at(c->steps[0].params, ac_str_c(pointer)));
}

#define ALIBABA "alibaba/privatelink/2020-04-15/CreateVpcEndpoint/"
#define SERVICE "alibaba/privatelink/2020-04-15/CreateVpcEndpointService/"
#define VOLC    "volcengine/privatelink/2020-04-01/CreateVpcEndpoint/"
#define PEER    "alibaba/vpcpeer/2022-01-01/CreateVpcPeerConnection/"
#define ELASTIC "alibaba/elasticsearch/2017-06-13/CreateVpcEndpoint/"

START_TEST(every_error_row_has_its_case)
{
    load();
    for (size_t i = 0; i < corpus->contract_count; i++) {
        const ac_contract *contract = corpus->contracts[i];
        for (size_t row = 1; row <= contract->errors.count; row++) {
            size_t found = 0;
            for (size_t k = 0; k < cases.count; k++) {
                found += cases.items[k].contract == contract && cases.items[k].row == row &&
                         cases.items[k].state.p;
            }
            ck_assert_uint_eq(found, 1);
        }
    }
    done();
}
END_TEST

START_TEST(a_repeated_row_has_a_case_of_its_own)
{
    load();
    ck_assert_uint_eq(find(VOLC "error/InvalidServiceZone.InvalidLock")->row, 32);
    ck_assert_uint_eq(find(VOLC "error/InvalidServiceZone.InvalidLock/row-33")->row, 33);
    done();
}
END_TEST

START_TEST(lengths_are_probed_on_both_sides_of_the_bound)
{
    load();
    ck_assert_uint_eq(ac_utf8_length(param(find(PEER "length/Name/max"), "/Name")), 128);
    ck_assert_uint_eq(ac_utf8_length(param(find(PEER "length/Name/above-max"), "/Name")), 129);
    ck_assert_uint_eq(ac_utf8_length(param(find(PEER "length/Name/min"), "/Name")), 2);
    ck_assert_uint_eq(ac_utf8_length(param(find(PEER "length/Name/below-min"), "/Name")), 1);
    ck_assert_int_eq(find(PEER "length/Name/max")->steps[0].expect.kind, AC_EXPECT_SUCCESS);
    ck_assert_int_eq(find(PEER "length/Name/above-max")->steps[0].expect.kind, AC_EXPECT_ERROR);
    done();
}
END_TEST

START_TEST(a_bound_is_probed_with_chinese_characters_where_they_are_allowed)
{
    load();
    ac_str name = param(find(VOLC "length/EndpointName/max-han"), "/EndpointName");
    ck_assert_uint_eq(ac_utf8_length(name), 128);
    ck_assert_uint_eq(name.n, 384);
    done();
}
END_TEST

START_TEST(elements_of_an_array_differ_where_they_must)
{
    load();
    const ac_case *c = find(VOLC "items/Zones.N.SubnetId/above-max");
    const ac_json *zones = ac_json_get_c(c->steps[0].params, "Zones");
    ck_assert_uint_eq(zones->count, 11);
    ck_assert_ac_str(param(c, "/Zones/1/SubnetId"), "${subnet_id_2}");
    ck_assert_ac_str(param(c, "/Zones/10/ZoneId"), "${zone_id_11}");
    ck_assert_ac_str(c->steps[0].expect.errors[0]->code, "LimitExceed.ZoneNumber");
    done();
}
END_TEST

START_TEST(index_gaps_are_sent_under_flattened_names)
{
    load();
    const ac_case *c = find(VOLC "index/Zones.N.SubnetId/gap");
    ck_assert_ptr_null(ac_json_get_c(c->steps[0].params, "Zones"));
    ck_assert_ac_str(ac_json_text(ac_json_get_c(c->steps[0].params, "Zones.1.SubnetId")), "${subnet_id}");
    ck_assert_ac_str(ac_json_text(ac_json_get_c(c->steps[0].params, "Zones.3.SubnetId")), "${subnet_id_2}");
    done();
}
END_TEST

START_TEST(a_parameter_left_out_expects_the_documented_error)
{
    load();
    const ac_case *c = find(VOLC "required/VpcId/missing");
    ck_assert_ptr_null(ac_json_get_c(c->steps[0].params, "VpcId"));
    ck_assert_ac_str(c->steps[0].expect.errors[0]->code, "MissingParameter");
    ck_assert_int_eq(c->steps[0].expect.certainty, AC_MUST);
    done();
}
END_TEST

START_TEST(without_a_documented_code_any_common_client_error_will_do)
{
    load();
    const ac_case *c = find(ALIBABA "length/EndpointName/above-max");
    ck_assert_int_eq(c->steps[0].expect.certainty, AC_SHOULD);
    ck_assert_int_eq(c->certainty, AC_SHOULD);
    done();
}
END_TEST

START_TEST(a_rule_that_depends_on_two_parameters_is_broken_by_both)
{
    load();
    const ac_case *c = find(PEER "only-if-differ/LinkType/same");
    ck_assert_ac_str(param(c, "/RegionId"), "${region}");
    ck_assert_ac_str(param(c, "/AcceptingRegionId"), "${region}");
    ck_assert_ac_str(c->code, "OperationFailed.InterRegionLinkTypeNotSupported");
    done();
}
END_TEST

START_TEST(what_a_case_creates_it_removes)
{
    load();
    const ac_case *c = find(ALIBABA "idempotency/other-token");
    ck_assert_uint_eq(c->step_count, 2);
    ck_assert_uint_eq(c->teardown_count, 2);
    ck_assert(c->creates);
    ck_assert_ac_str(ac_json_text(ac_json_get_c(c->teardown[0].params, "EndpointId")), "${id}");
    ck_assert_ac_str(ac_json_text(ac_json_get_c(c->teardown[1].params, "EndpointId")), "${id_2}");
    done();
}
END_TEST

START_TEST(a_companion_creates_what_it_reads_first)
{
    load();
    const ac_case *c = find("alibaba/privatelink/2020-04-15/GetVpcEndpointAttribute/success/minimal/POST");
    ck_assert_uint_eq(c->step_count, 2);
    ck_assert_ac_str(c->steps[0].contract->action, "CreateVpcEndpoint");
    ck_assert_ac_str(c->steps[0].captures.items[0].name, "endpoint_id");
    done();
}
END_TEST

START_TEST(the_life_cycle_waits_reads_lists_and_deletes)
{
    load();
    const ac_case *c = find(PEER "life-cycle/create-read-delete");
    static const char *const names[] = {"create", "wait", "stays", "read", "list", "delete", "gone"};
    ck_assert_uint_eq(c->step_count, 7);
    for (size_t i = 0; i < 7; i++) {
        ck_assert_ac_str(c->steps[i].name, names[i]);
    }
    ck_assert_ptr_nonnull(c->steps[1].poll);
    ck_assert(c->steps[6].poll->until_gone);
    done();
}
END_TEST

START_TEST(a_path_operation_is_misaddressed_by_its_path)
{
    load();
    ck_assert_int_eq(find(ELASTIC "addressing/unknown-path")->steps[0].tamper, AC_TAMPER_OTHER_ACTION);
    ck_assert_int_eq(find(SERVICE "addressing/no-version")->steps[0].tamper, AC_TAMPER_NO_VERSION);
    done();
}
END_TEST

START_TEST(ids_are_sorted_and_stay_the_same)
{
    load();
    for (size_t i = 1; i < cases.count; i++) {
        ck_assert_int_lt(ac_str_cmp(cases.items[i - 1].id, cases.items[i].id), 0);
    }
    ck_assert_uint_gt(cases.count, 1000);
    done();
}
END_TEST

/* ---- cases for SDK targets ---- */

START_TEST(every_operation_has_cases_for_clients_alone)
{
    static const char *const first[] = {"client/facts", "client/value/emoji", "client/fault/chunked",
                                        "client/fault/status-500", "client/fault/reset-once"};
    load();
    for (size_t i = 0; i < corpus->contract_count; i++) {
        ac_str operation = corpus->contracts[i]->operation;
        for (size_t k = 0; k < AC_COUNT(first); k++) {
            bool is_value = strstr(first[k], "value") != NULL;
            bool creates = corpus->contracts[i]->behaviour.kind == AC_BEHAVIOUR_CREATE;
            if (!is_value || creates) {
                find(ac_str_printf(ac_test_arena(), "%.*s/%s", AC_STR_FMT(operation), first[k]).p);
            }
        }
    }
    for (size_t i = 0; i < cases.count; i++) {
        bool is_client = ac_str_is(cases.items[i].group, "client");
        ck_assert_msg(is_client == cases.items[i].for_clients, "%.*s", AC_STR_FMT(cases.items[i].id));
    }
    done();
}
END_TEST

START_TEST(a_fault_case_knows_its_answer)
{
    load();
    const ac_case *c = find(ALIBABA "client/fault/status-429-once");
    const ac_step *step = &c->steps[c->step_count - 1];
    ck_assert_str_eq(step->fault->name, "status-429-once");
    ck_assert_int_eq(step->expect.kind, AC_EXPECT_ERROR);
    ck_assert_msg(ac_str_starts(c->state, AC_STR("error:")), "%.*s", AC_STR_FMT(c->state));
    ck_assert_ac_str(ac_json_text(ac_json_get_c(step->params, "ClientToken")), "${token}");
    c = find(ALIBABA "client/fault/slow-head");
    step = &c->steps[c->step_count - 1];
    ck_assert_int_eq(step->expect.kind, AC_EXPECT_SUCCESS);
    ck_assert(!c->state.p);
    ck_assert_ac_str(c->title, "CreateVpcEndpoint answers later than the client waits");
    done();
}
END_TEST

START_TEST(an_awkward_value_is_sent_where_the_answer_is_to_a_plain_one)
{
    load();
    const ac_case *c = find(ALIBABA "client/value/chinese");
    const ac_step *step = &c->steps[c->step_count - 1];
    ck_assert_ac_str(ac_json_text(ac_json_get_c(step->sent, "EndpointName")), "终端节点");
    ck_assert(!ac_json_get_c(step->params, "EndpointName"));
    ck_assert(!step->fault && !step->facts);
    ck_assert(find(VOLC "client/facts")->steps[0].facts);
    done();
}
END_TEST

START_TEST(the_corpus_is_clean)
{
    load();
    ac_lint_report report;
    ac_lint(ac_test_arena(), corpus, &cases, &report);
    for (size_t i = 0; i < report.count; i++) {
        printf("%s: %.*s\n", report.items[i].file, AC_STR_FMT(report.items[i].text));
    }
    ck_assert_uint_eq(report.count, 0);
    ck_assert_uint_gt(report.citations, 500);
    done();
}
END_TEST

/* ---- variables ---- */

static ac_str lookup(void *context, ac_arena *arena, ac_str name)
{
    (void)context;
    (void)arena;
    return ac_str_is(name, "a") ? AC_STR("1") : (ac_str){NULL, 0};
}

START_TEST(variables_are_replaced_and_the_first_missing_one_is_told)
{
    static const struct {
        const char *text, *expanded, *missing;
    } rows[] = {{"${a}", "1", ""},
                {"x${a}y${a}z", "x1y1z", ""},
                {"${b} ${c}", "${b} ${c}", "b"},
                {"no $ {a}", "no $ {a}", ""},
                {"${a", "${a", ""},
                {"", "", ""}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        ac_str missing = {NULL, 0};
        ac_str out = ac_vars_expand_text(ac_test_arena(), ac_str_c(rows[i].text), lookup, NULL, &missing);
        ck_assert_ac_str(out, rows[i].expanded);
        ck_assert_ac_str(missing, rows[i].missing);
    }
}
END_TEST

START_TEST(variables_are_replaced_inside_json_and_keys_stay)
{
    ac_err err = {0};
    ac_arena *arena = ac_test_arena();
    const ac_json *json = ac_json_parse(arena, AC_STR("{\"k\":[\"${a}\",{\"n\":12,\"s\":\"${a}\"}]}"),
                                        &ac_json_file_limits, &err);
    const ac_json *out = ac_vars_expand(arena, json, lookup, NULL, NULL);
    ac_buf text;
    ac_buf_init(&text, 1000);
    ac_json_write(&text, out);
    ck_assert_ac_str(ac_buf_take(&text, arena), "{\"k\":[\"1\",{\"n\":12,\"s\":\"1\"}]}");
}
END_TEST

/* ---- case files ---- */

static char folder[] = "/tmp/accord-case-XXXXXX";

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

static const char provider_text[] =
    "{\"accord\":1,\"provider\":\"p\",\"title\":\"P\",\"sources\":[],\"styles\":{\"rpc\":{\"wire\":\"alibaba-"
    "rpc\","
    "\"signers\":[\"acs3-hmac-sha256\"],\"request_id\":\"/RequestId\",\"envelope\":[],\"error\":{\"code\":\"/"
    "Code\","
    "\"message\":\"/Message\",\"request_id\":\"/RequestId\",\"fields\":[]}}}}";

static const char contract_text[] =
    "{\"accord\":1,\"operation\":\"p/q/1/Op\",\"style\":\"rpc\",\"methods\":[\"POST\"],\"path\":\"/"
    "\",\"sources\":[],"
    "\"parameters\":[],\"requests\":{\"minimal\":{}},\"response\":{\"status\":200,\"fields\":[]},"
    "\"behaviour\":{\"kind\":\"plain\"}}";

#define STEP(more) "{\"expect\":{\"success\":true}" more "}"
#define CASE(name, steps)                                                                                    \
    "{\"accord\":1,\"cases\":[{\"name\":\"" name "\",\"title\":\"t\",\"cite\":\"a:b\",\"steps\":[" steps     \
    "]}]}"

static const struct {
    const char *text;
    const char *error; /* NULL: loads */
} files[] = {
    {CASE("g/n", STEP("")), NULL},
    {CASE("g/n", STEP(",\"capture\":{\"id\":\"/X\"}")), NULL},
    {CASE("n", STEP("")), "/cases/0/name"},
    {CASE("g/n n", STEP("")), "/cases/0/name"},
    {CASE("g/n", ""), "/cases/0/steps: at least one step"},
    {CASE("g/n", STEP(",\"call\":\"Nope\"")), "/cases/0: there is no contract for \"Nope\""},
    {CASE("g/n", STEP(",\"tamper\":\"wrong-kay\"")), "did you mean \"wrong-key\"?"},
    {CASE("g/n", "{\"expect\":{}}"), "exactly one of \"success\", \"error\" and \"any\""},
    {CASE("g/n", "{\"expect\":{\"error\":\"Nope\"}}"),
     "no error row and no common error has the code \"Nope\""},
    {CASE("g/n", "{\"expect\":{\"success\":true,\"body\":{\"X\":1}}}"), "a JSON pointer begins with"},
    {CASE("g/n", "{\"expect\":{\"success\":true,\"body\":{\"/X\":{\"regex\":\"(\"}}}}"),
     "regex: pattern \"(\""},
    {CASE("g/n", STEP(",\"poll\":{\"deadline_ms\":0}")), "deadline_ms"},
    {CASE("success/minimal", STEP("")), "two cases have the id \"p/q/1/Op/success/minimal\""},
};

START_TEST(a_broken_case_file_is_refused_with_file_and_place)
{
    char path[256];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    static const char *const dirs[] = {"p", "p/q", "p/q/1", "p/q/1/Op"};
    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, dirs[i]);
        ck_assert_int_eq(mkdir(path, 0700), 0);
    }
    snprintf(path, sizeof path, "%s/p/provider.json", folder);
    write_text(path, provider_text);
    snprintf(path, sizeof path, "%s/p/q/1/Op/contract.json", folder);
    write_text(path, contract_text);
    snprintf(path, sizeof path, "%s/p/q/1/Op/flows.json", folder);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        ac_err err = {0};
        write_text(path, files[i].text);
        ac_corpus *loaded = ac_corpus_load(NULL, folder, &err);
        ck_assert_msg(loaded != NULL, "row %zu: %s", i, err.text);
        ac_cases read;
        bool ok = ac_cases_load(loaded, &read, &err);
        ck_assert_msg(ok == (files[i].error == NULL), "row %zu: %s", i, err.text);
        if (files[i].error) {
            ck_assert_ac_err(err, files[i].error);
            ck_assert_int_eq(err.kind, AC_ERR_USAGE);
        }
        ac_corpus_free(loaded);
    }
}
END_TEST

AC_TEST_MAIN("case", every_operation_has_cases_for_clients_alone, a_fault_case_knows_its_answer,
             an_awkward_value_is_sent_where_the_answer_is_to_a_plain_one, every_error_row_has_its_case,
             a_repeated_row_has_a_case_of_its_own, lengths_are_probed_on_both_sides_of_the_bound,
             a_bound_is_probed_with_chinese_characters_where_they_are_allowed,
             elements_of_an_array_differ_where_they_must, index_gaps_are_sent_under_flattened_names,
             a_parameter_left_out_expects_the_documented_error,
             without_a_documented_code_any_common_client_error_will_do,
             a_rule_that_depends_on_two_parameters_is_broken_by_both, what_a_case_creates_it_removes,
             a_companion_creates_what_it_reads_first, the_life_cycle_waits_reads_lists_and_deletes,
             a_path_operation_is_misaddressed_by_its_path, ids_are_sorted_and_stay_the_same,
             the_corpus_is_clean, variables_are_replaced_and_the_first_missing_one_is_told,
             variables_are_replaced_inside_json_and_keys_stay,
             a_broken_case_file_is_refused_with_file_and_place)
