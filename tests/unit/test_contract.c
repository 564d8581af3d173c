#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "contract/corpus.h"
#include "support.h"

static ac_corpus *corpus;

static const ac_contract *contract_of(const char *operation)
{
    ac_err err = {0};
    if (!corpus) {
        corpus = ac_corpus_load(NULL, "cases", &err);
    }
    ck_assert_msg(corpus != NULL, "%s", err.text);
    const ac_contract *contract = ac_corpus_contract(corpus, ac_str_c(operation));
    ck_assert_ptr_nonnull(contract);
    return contract;
}

static void done(void)
{
    ac_corpus_free(corpus);
    corpus = NULL;
}

/* The counts that the documentation pages have. */
static const struct {
    const char *operation;
    size_t parameters, errors;
} pages[] = {
    {"volcengine/privatelink/2020-04-01/CreateVpcEndpoint", 16, 49},
    {"alibaba/privatelink/2020-04-15/CreateVpcEndpoint", 28, 41},
    {"alibaba/privatelink/2020-04-15/CreateVpcEndpointService", 19, 23},
    {"alibaba/elasticsearch/2017-06-13/CreateVpcEndpoint", 6, 0},
    {"alibaba/vpcpeer/2022-01-01/CreateVpcPeerConnection", 16, 24},
};

START_TEST(every_row_of_the_five_pages_is_transcribed)
{
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        const ac_contract *contract = contract_of(pages[i].operation);
        ck_assert_uint_eq(contract->parameters.count, pages[i].parameters);
        ck_assert_uint_eq(contract->errors.count, pages[i].errors);
    }
    done();
}
END_TEST

START_TEST(error_specs_hold_rows_first_then_product_then_provider)
{
    const ac_contract *contract = contract_of("alibaba/privatelink/2020-04-15/CreateVpcEndpoint");
    const ac_error_spec *row = ac_contract_error(contract, AC_STR("VpcNotFound"));
    ck_assert_ptr_nonnull(row);
    ck_assert_uint_eq(row->row, 8);
    ck_assert_int_eq(row->statuses[0], 400);
    const ac_error_spec *common = ac_contract_error(contract, AC_STR("SignatureDoesNotMatch"));
    ck_assert_ptr_nonnull(common);
    ck_assert_uint_eq(common->row, 0);
    ck_assert_uint_eq(common->status_count, 2);
    done();
}
END_TEST

START_TEST(a_situation_names_its_errors_in_order_of_preference)
{
    const ac_contract *contract = contract_of("alibaba/vpcpeer/2022-01-01/CreateVpcPeerConnection");
    const ac_error_spec *first = ac_contract_when(contract, AC_WHEN_UNKNOWN_ACCESS_KEY, 0);
    ck_assert_ptr_nonnull(first);
    ck_assert_ac_str(first->code, "InvalidAccessKeyId.NotFound");
    ck_assert_ptr_null(ac_contract_when(contract, AC_WHEN_UNKNOWN_ACCESS_KEY, 99));
    done();
}
END_TEST

START_TEST(an_observed_code_is_found_through_its_template)
{
    const ac_contract *contract = contract_of("alibaba/privatelink/2020-04-15/CreateVpcEndpointService");
    const ac_error_spec *spec = ac_contract_match_code(contract, AC_STR("IllegalParamFormat.RegionId"));
    ck_assert_ptr_nonnull(spec);
    ck_assert_ac_str(spec->code, "IllegalParamFormat.%s");
    ck_assert_ptr_null(ac_contract_match_code(contract, AC_STR("NoSuchCodeAnywhere")));
    done();
}
END_TEST

START_TEST(variables_with_a_count_have_numbered_elements)
{
    const ac_contract *contract = contract_of("alibaba/privatelink/2020-04-15/CreateVpcEndpoint");
    int64_t index = 0;
    ck_assert_ptr_nonnull(ac_contract_variable(contract, AC_STR("security_group_id_11"), &index));
    ck_assert_int_eq(index, 11);
    ck_assert_ptr_null(ac_contract_variable(contract, AC_STR("security_group_id_12"), &index));
    ck_assert_ptr_null(ac_contract_variable(contract, AC_STR("security_group_id_1"), &index));
    const ac_variable *zone = ac_contract_variable(contract, AC_STR("zone_id_3"), &index);
    ck_assert_ptr_nonnull(zone);
    ck_assert(!ac_str_eq(zone->defaults.items[2], zone->defaults.items[0]));
    done();
}
END_TEST

START_TEST(the_array_of_a_parameter_is_the_innermost_one)
{
    static const struct {
        const char *name;
        int type;
        const char *array;
    } rows[] = {{"Zone.N.VSwitchId", AC_TYPE_STRING, "Zone"},
                {"Zone.N", AC_TYPE_OBJECT, "Zone"},
                {"Zone", AC_TYPE_ARRAY, "Zone"},
                {"RegionId", AC_TYPE_STRING, ""},
                {"TagFilters.N.Values.N", AC_TYPE_STRING, "TagFilters.N.Values"},
                {"Name.Number", AC_TYPE_STRING, ""}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const ac_parameter p = {.name = ac_str_c(rows[i].name), .type = rows[i].type};
        ck_assert_ac_str(ac_parameter_array(&p), rows[i].array);
    }
}
END_TEST

START_TEST(a_citation_is_described_with_publisher_title_language_section_and_row)
{
    const ac_contract *contract = contract_of("alibaba/privatelink/2020-04-15/CreateVpcEndpoint");
    ac_arena *arena = ac_test_arena();
    ck_assert_ac_str(ac_cite_describe(arena, contract, AC_STR("page:errors:8")),
                     "Alibaba Cloud, \"CreateVpcEndpoint\" (ja), \xE3\x82\xA8\xE3\x83\xA9\xE3\x83\xBC"
                     "\xE3\x82\xB3\xE3\x83\xBC\xE3\x83\x89, row 8");
    ck_assert_ac_str(ac_cite_describe(arena, contract, AC_STR("nowhere:errors:8")), "nowhere:errors:8");
    done();
}
END_TEST

START_TEST(companions_are_resolved_within_the_product)
{
    const ac_contract *contract = contract_of("volcengine/privatelink/2020-04-01/CreateVpcEndpoint");
    ck_assert_ptr_nonnull(contract->behaviour.read->contract);
    ck_assert_ac_str(contract->behaviour.read->contract->action, "DescribeVpcEndpointAttributes");
    ck_assert_ac_str(contract->behaviour.delete->contract->provider->provider, "volcengine");
    done();
}
END_TEST

/* ---- what is refused ---- */

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

static char folder[] = "/tmp/accord-contract-XXXXXX";

static const char provider_text[] =
    "{\"accord\":1,\"provider\":\"p\",\"title\":\"P\",\"sources\":[],\"styles\":{\"rpc\":{\"wire\":\"alibaba-"
    "rpc\","
    "\"signers\":[\"acs3-hmac-sha256\"],\"request_id\":\"/RequestId\",\"envelope\":[],\"error\":{\"code\":\"/"
    "Code\","
    "\"message\":\"/Message\",\"request_id\":\"/RequestId\",\"fields\":[]}}}}";

#define CONTRACT(operation, style, parameters, more)                                                         \
    "{\"accord\":1,\"operation\":\"" operation "\",\"style\":\"" style                                       \
    "\",\"methods\":[\"POST\"],\"path\":\"/\",\"sources\":[],\"parameters\":[" parameters                    \
    "],\"requests\":{\"minimal\":{}},\"response\":{\"status\":200,\"fields\":[]},"                           \
    "\"behaviour\":{\"kind\":\"plain\"}" more "}"

static const struct {
    const char *text;
    const char *error; /* NULL: loads */
} contracts[] = {
    {CONTRACT("p/q/1/Op", "rpc", "", ""), NULL},
    {CONTRACT("p/q/1/Other", "rpc", "", ""), "/operation: the folder's path is expected"},
    {CONTRACT("p/q/1/Op", "soap", "", ""), "/style: the provider has no style \"soap\""},
    {CONTRACT("p/q/1/Op", "rpc", "", ",\"stats\":{}"),
     "/stats: unknown key \"stats\"; did you mean \"states\"?"},
    {CONTRACT("p/q/1/Op", "rpc", "{\"name\":\"A\",\"in\":\"query\",\"type\":\"strng\",\"cite\":\"a:b\"}", ""),
     "/parameters/0/type: unknown value \"strng\"; did you mean \"string\"?"},
    {CONTRACT("p/q/1/Op", "rpc", "{\"name\":\"A\",\"in\":\"query\",\"cite\":\"a:b\"}", ""),
     "key \"type\" is missing"},
    {CONTRACT("p/q/1/Op", "rpc",
              "{\"name\":\"A\",\"in\":\"query\",\"type\":\"string\",\"cite\":\"a:b\",\"constraints\":[{"
              "\"kind\":\"length\","
              "\"values\":[],\"cite\":\"a:b\"}]}",
              ""),
     "/parameters/0/constraints/0/values: does not belong to kind \"length\""},
    {CONTRACT("p/q/1/Op", "rpc",
              "{\"name\":\"A\",\"in\":\"query\",\"type\":\"string\",\"cite\":\"a:b\",\"constraints\":[{"
              "\"kind\":\"length\","
              "\"max\":3,\"error\":\"Nope\",\"cite\":\"a:b\"}]}",
              ""),
     "no error row and no common error has the code \"Nope\""},
    {CONTRACT("p/q/1/Op", "rpc",
              "{\"name\":\"A\",\"in\":\"query\",\"type\":\"string\",\"cite\":\"a:b\",\"constraints\":[{"
              "\"kind\":\"pattern\","
              "\"pattern\":\"(\",\"invalid\":\"x\",\"cite\":\"a:b\"}]}",
              ""),
     "/parameters/0/constraints/0/pattern: pattern \"(\""},
    {CONTRACT("p/q/1/Op", "rpc", "",
              ",\"errors\":[{\"status\":42,\"code\":\"X\",\"message\":\"\",\"cite\":\"a:b\",\"reach\":"
              "\"state\"}]"),
     "/errors/0/status: not an HTTP status"},
    {"{\"accord\":1,\"accord\":1}", "duplicate key"},
    {"{\"accord\":", "line 1, column 11"},
    {"[]", "an object is expected here, not array"},
};

START_TEST(a_broken_contract_is_refused_with_file_and_place)
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
    for (size_t i = 0; i < sizeof contracts / sizeof contracts[0]; i++) {
        ac_err err = {0};
        write_text(path, contracts[i].text);
        ac_corpus *loaded = ac_corpus_load(NULL, folder, &err);
        if (contracts[i].error) {
            ck_assert_msg(loaded == NULL, "row %zu loads", i);
            ck_assert_ac_err(err, contracts[i].error);
            ck_assert_ac_err(err, path);
            ck_assert_int_eq(err.kind, AC_ERR_USAGE);
        } else {
            ck_assert_msg(loaded != NULL, "row %zu: %s", i, err.text);
        }
        ac_corpus_free(loaded);
    }
}
END_TEST

START_TEST(a_folder_without_contracts_is_refused)
{
    ac_err err = {0};
    ck_assert_ptr_null(ac_corpus_load(NULL, "tests/vectors", &err));
    ck_assert_ac_err(err, "no contract in it");
    ck_assert_ptr_null(ac_corpus_load(NULL, "no-such-folder", &err));
    ck_assert_ac_err(err, "no-such-folder");
}
END_TEST

AC_TEST_MAIN("contract", every_row_of_the_five_pages_is_transcribed,
             error_specs_hold_rows_first_then_product_then_provider,
             a_situation_names_its_errors_in_order_of_preference,
             an_observed_code_is_found_through_its_template, variables_with_a_count_have_numbered_elements,
             the_array_of_a_parameter_is_the_innermost_one,
             a_citation_is_described_with_publisher_title_language_section_and_row,
             companions_are_resolved_within_the_product, a_broken_contract_is_refused_with_file_and_place,
             a_folder_without_contracts_is_refused)
