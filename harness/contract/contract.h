/*
 * The contract model: what the documentation promises of an operation, read from data files.
 *
 * docs/contract-format.md describes every member; the names here are the names there. All of it is
 * immutable after loading and lives in the corpus' arena. The derivation, the checker and the mock read
 * this model and share nothing else.
 */
#ifndef AC_CONTRACT_CONTRACT_H
#define AC_CONTRACT_CONTRACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/decode.h"
#include "base/json.h"
#include "base/str.h"
#include "base/text.h"

/* Enumerations start with a value that stands for "not given", where that is possible. */

typedef enum ac_certainty {
    AC_CERTAINTY_UNSET,
    AC_MUST,   /* a documented code or value: exactly this */
    AC_SHOULD, /* a documented rule, no code given: any documented or common client error */
    AC_MAY     /* shown, never judged */
} ac_certainty;

typedef enum ac_source_kind {
    AC_SOURCE_DOCUMENTATION,
    AC_SOURCE_METADATA,
    AC_SOURCE_SDK,
    AC_SOURCE_CLIENT,
    AC_SOURCE_INFERENCE
} ac_source_kind;

typedef struct ac_section {
    ac_str id;
    ac_str title;
    int64_t rows; /* 0: not counted */
} ac_section;

typedef struct ac_source {
    ac_str id;
    int kind; /* ac_source_kind */
    ac_str publisher, title, language, date, note;
    struct {
        ac_section *items;
        size_t count;
    } sections;
} ac_source;

typedef struct ac_sources {
    ac_source *items;
    size_t count;
} ac_sources;

/* ---- errors ---- */

typedef enum ac_reach {
    AC_REACH_UNSET,
    AC_REACH_REQUEST,
    AC_REACH_REFERENCE,
    AC_REACH_SEQUENCE,
    AC_REACH_STATE,
    AC_REACH_FAULT
} ac_reach;

typedef struct ac_error_row {
    int64_t status;
    ac_str code, message;
    ac_strs placeholders;
    ac_strs cite;
    int reach; /* ac_reach */
    int reach_certainty;
    ac_str parameter;
    int64_t duplicate_of; /* row number, 0: none */
    ac_str unprovoked;
    ac_str note;
} ac_error_row;

typedef enum ac_when {
    AC_WHEN_UNSET,
    AC_WHEN_MISSING_ACCESS_KEY,
    AC_WHEN_UNKNOWN_ACCESS_KEY,
    AC_WHEN_MISSING_SIGNATURE,
    AC_WHEN_BAD_SIGNATURE,
    AC_WHEN_EXPIRED_TIMESTAMP,
    AC_WHEN_MALFORMED_TIMESTAMP,
    AC_WHEN_REPLAYED_NONCE,
    AC_WHEN_MISSING_ACTION,
    AC_WHEN_MISSING_VERSION,
    AC_WHEN_UNKNOWN_ACTION,
    AC_WHEN_UNKNOWN_VERSION,
    AC_WHEN_UNKNOWN_PATH,
    AC_WHEN_MISSING_PARAMETER,
    AC_WHEN_MALFORMED_PARAMETER,
    AC_WHEN_IDEMPOTENCY_MISMATCH,
    AC_WHEN_IDEMPOTENCY_PROCESSING,
    AC_WHEN_DRY_RUN_PASSED,
    AC_WHEN_THROTTLED,
    AC_WHEN_INTERNAL,
    AC_WHEN_UNAVAILABLE,
    AC_WHEN_COUNT
} ac_when;

extern const char *const ac_when_names[]; /* indexed by ac_when; "" for UNSET */

typedef struct ac_common_error {
    ac_str code;
    ac_ints status;
    ac_strs message; /* empty: the text is not judged */
    ac_strs placeholders;
    int when;  /* ac_when */
    int layer; /* 0 not given, 1 gateway, 2 service */
    int64_t number;
    ac_strs cite;
    ac_str note;
} ac_common_error;

/* An error that an operation may answer, whichever table it stands in: rows first, then the product's
 * common errors, then the provider's. */
typedef struct ac_error_spec {
    ac_str code;             /* template */
    const int64_t *statuses; /* any of them; the first is the preferred one */
    size_t status_count;
    const ac_str *messages; /* templates, any of them; none: not judged */
    size_t message_count;
    const ac_str *placeholders;
    size_t placeholder_count;
    size_t row; /* number of the row in the operation's table, from 1; 0 for common errors */
    ac_when when;
    int64_t number;
    ac_strs cite;
} ac_error_spec;

/* ---- parameters ---- */

typedef enum ac_constraint_kind {
    AC_LENGTH,
    AC_CHARACTERS,
    AC_PREFIX_NOT,
    AC_CONTAINS_NOT,
    AC_EDGES_NOT,
    AC_NOT_EMPTY,
    AC_RANGE,
    AC_ENUM,
    AC_FORMAT,
    AC_PATTERN,
    AC_ITEMS,
    AC_INDEX,
    AC_UNIQUE,
    AC_REQUIRES,
    AC_ONLY_WITH,
    AC_ONLY_IF_DIFFER,
    AC_REFERENCE,
    AC_CONSTRAINT_KINDS
} ac_constraint_kind;

extern const char *const ac_constraint_names[]; /* indexed by ac_constraint_kind */

typedef enum ac_format {
    AC_FORMAT_UNSET,
    AC_FORMAT_IPV4,
    AC_FORMAT_IPV6,
    AC_FORMAT_JSON,
    AC_FORMAT_BOOLEAN,
    AC_FORMAT_UTC_TIME,
    AC_FORMAT_UUID,
    AC_FORMAT_DOMAIN
} ac_format;

extern const char *const ac_format_names[];

typedef struct ac_charset {
    ac_strs classes; /* letter digit han ascii */
    ac_str chars;
} ac_charset;

typedef struct ac_constraint {
    int kind; /* ac_constraint_kind */
    ac_strs cite;
    ac_str error;  /* code; p NULL: none documented */
    int certainty; /* resolved on loading: never unset */
    ac_str note;
    ac_str min, max; /* integer literals; p NULL: open */
    ac_charset *first, *rest;
    ac_strs values;
    bool ignore_case;
    ac_str chars;
    int format; /* ac_format */
    ac_str pattern, invalid;
    ac_regex *regex; /* compiled pattern */
    int64_t base;
    ac_str parameter;
    ac_strs parameters;
    ac_str value;
    ac_str resource;
} ac_constraint;

/* A rule's error without a constraint around it. */
typedef struct ac_rule_error {
    ac_str error;
    int certainty; /* resolved on loading */
    ac_strs cite;
    ac_str note;
} ac_rule_error;

typedef enum ac_location { AC_IN_QUERY, AC_IN_FORM, AC_IN_PATH, AC_IN_BODY, AC_IN_HEADER } ac_location;

typedef enum ac_parameter_type {
    AC_TYPE_STRING,
    AC_TYPE_INTEGER,
    AC_TYPE_BOOLEAN,
    AC_TYPE_ARRAY,
    AC_TYPE_OBJECT
} ac_parameter_type;

typedef enum ac_required { AC_REQUIRED_UNKNOWN, AC_REQUIRED_NO, AC_REQUIRED_YES } ac_required;

typedef enum ac_role {
    AC_ROLE_NONE,
    AC_ROLE_ACTION,
    AC_ROLE_VERSION,
    AC_ROLE_REGION,
    AC_ROLE_TOKEN,
    AC_ROLE_DRY_RUN,
    AC_ROLE_CONTAINER,
    AC_ROLE_DUPLICATE
} ac_role;

typedef struct ac_parameter {
    ac_str name;                  /* "Zone.N.VSwitchId" */
    ac_str as;                    /* label in the page; the name where not given */
    int in;                       /* ac_location */
    int type;                     /* ac_parameter_type */
    int required;                 /* ac_required */
    int role;                     /* ac_role */
    const ac_json *default_value; /* NULL: none */
    const ac_json *example;
    bool deprecated;
    ac_strs cite, required_cite;
    ac_str about, note;
    struct {
        ac_constraint *items;
        size_t count;
    } constraints;
    ac_rule_error *type_error; /* NULL: none documented */
    ac_rule_error *missing_error;
} ac_parameter;

/* ---- response ---- */

typedef enum ac_value_kind {
    AC_VALUE_NONE,
    AC_VALUE_PARAM,
    AC_VALUE_REQUEST_ID,
    AC_VALUE_ID,
    AC_VALUE_STATE,
    AC_VALUE_NOW,
    AC_VALUE_CONST,
    AC_VALUE_TEMPLATE,
    AC_VALUE_ATTRIBUTE
} ac_value_kind;

typedef struct ac_field_value {
    ac_value_kind kind; /* resolved on loading */
    ac_str text;        /* parameter, template or attribute */
    const ac_json *constant;
    ac_str param, template_text, attribute;
    bool request_id, id, state, now;
} ac_field_value;

typedef enum ac_equals {
    AC_EQUALS_NONE,
    AC_EQUALS_ACTION,
    AC_EQUALS_VERSION,
    AC_EQUALS_SERVICE,
    AC_EQUALS_REGION,
    AC_EQUALS_REQUEST_ID
} ac_equals;

typedef struct ac_response_field {
    ac_str pointer; /* "*" stands for each element of an array */
    int type;       /* ac_field_type */
    ac_strs cite;
    const ac_json *example;
    ac_strs enum_values, enum_cite;
    int format; /* ac_format */
    ac_str pattern;
    ac_strs pattern_cite;
    ac_regex *regex;
    int presence; /* 0 always, 1 optional: also where no documentation speaks of the field */
    bool nullable;
    ac_field_value *value; /* NULL: none said */
    bool value_inferred;   /* "basis": "inferred" */
    int basis;
    int equals; /* ac_equals; envelopes only */
    ac_str about, note;
} ac_response_field;

typedef enum ac_field_type {
    AC_JSON_TYPE_STRING,
    AC_JSON_TYPE_INTEGER,
    AC_JSON_TYPE_NUMBER,
    AC_JSON_TYPE_BOOLEAN,
    AC_JSON_TYPE_OBJECT,
    AC_JSON_TYPE_ARRAY
} ac_field_type;

extern const char *const ac_field_type_names[];

typedef struct ac_response_fields {
    ac_response_field *items;
    size_t count;
} ac_response_fields;

typedef struct ac_sample {
    ac_strs cite;
    const ac_json *body;
    ac_str text; /* a request sample as text */
    ac_str note;
} ac_sample;

typedef struct ac_response_contract {
    bool documented; /* some field rests on documentation; else an unknown member is no divergence */
    int64_t status;
    ac_strs status_cite;
    ac_response_fields fields;
    struct {
        ac_sample *items;
        size_t count;
    } samples;
} ac_response_contract;

/* ---- behaviour ---- */

typedef enum ac_behaviour_kind {
    AC_BEHAVIOUR_PLAIN,
    AC_BEHAVIOUR_CREATE,
    AC_BEHAVIOUR_READ,
    AC_BEHAVIOUR_LIST,
    AC_BEHAVIOUR_DELETE
} ac_behaviour_kind;

struct ac_contract;

typedef struct ac_operation_ref {
    ac_str operation;
    const ac_json *params;              /* may use ${id} */
    ac_str items, id;                   /* where the operation answers a list */
    const struct ac_contract *contract; /* resolved on loading */
} ac_operation_ref;

typedef struct ac_paging {
    int kind; /* 1 token, 2 page */
    ac_str size, token, number;
    int64_t default_size;
} ac_paging;

typedef struct ac_behaviour {
    int kind; /* ac_behaviour_kind */
    ac_str resource, id_prefix, id_pointer, gone, parent, id_param, not_found, items, total;
    const ac_json *filters; /* parameter to attribute */
    ac_operation_ref *read, *list, *delete;
    ac_paging *paging;
} ac_behaviour;

typedef struct ac_states {
    ac_str attribute, pointer;
    ac_strs order, done, failed, others;
    ac_strs cite;
} ac_states;

typedef struct ac_idempotency {
    ac_str parameter;
    ac_strs cite;
    ac_rule_error *mismatch, *processing;
    ac_str note;
} ac_idempotency;

typedef struct ac_dry_run {
    ac_str parameter;
    ac_strs cite;
    ac_rule_error *passed;
    ac_str note;
} ac_dry_run;

typedef struct ac_inconsistency {
    ac_str id, text;
    ac_strs cite;
} ac_inconsistency;

typedef struct ac_left_out {
    ac_str parameter, why;
} ac_left_out;

typedef struct ac_requests {
    const ac_json *minimal, *full;
    struct {
        ac_left_out *items;
        size_t count;
    } full_leaves_out;
} ac_requests;

/* ---- provider ---- */

typedef enum ac_wire_kind { AC_WIRE_ALIBABA_RPC, AC_WIRE_ALIBABA_ROA, AC_WIRE_VOLCENGINE } ac_wire_kind;

typedef struct ac_error_envelope {
    ac_str code, message, request_id, number; /* pointers */
    ac_response_fields fields;
    int key_case; /* 0 exact, 1 any */
} ac_error_envelope;

typedef struct ac_style {
    ac_str name;
    int wire; /* ac_wire_kind */
    ac_strs signers;
    ac_str request_id; /* pointer */
    ac_response_fields envelope;
    ac_error_envelope error;
    ac_str note;
} ac_style;

typedef struct ac_variable {
    ac_str name;
    ac_strs defaults;     /* of each element, where there is one */
    ac_str default_value; /* of the first; p NULL: none */
    ac_str resource, prefix, about;
    int64_t count; /* at least 1 */
} ac_variable;

typedef struct ac_variables {
    ac_variable *items;
    size_t count;
} ac_variables;

typedef struct ac_common_errors {
    ac_common_error *items;
    size_t count;
} ac_common_errors;

typedef struct ac_product {
    ac_str name; /* "privatelink/2020-04-15" */
    ac_str title, signing_service, endpoint, note;
    ac_common_errors common_errors;
} ac_product;

typedef struct ac_provider {
    const char *file;
    ac_str provider, title;
    ac_sources sources;
    struct {
        ac_style *items;
        size_t count;
    } styles;
    ac_variables variables;
    ac_common_errors common_errors;
    struct {
        ac_product *items;
        size_t count;
    } products;
} ac_provider;

/* ---- contract ---- */

typedef struct ac_contract {
    const char *file;
    const ac_json *json;             /* the file as read */
    ac_str operation;                /* whole path */
    ac_str product, version, action; /* parts of it */
    const ac_provider *provider;
    const ac_product *product_facts; /* NULL where provider.json does not list the product */
    const ac_style *style;
    ac_str style_name;
    ac_str about;
    ac_strs methods, methods_cite;
    ac_str path;
    ac_sources sources;
    ac_variables variables;
    struct {
        ac_parameter *items;
        size_t count;
    } parameters;
    ac_requests requests;
    ac_response_contract response;
    ac_behaviour behaviour;
    ac_states *states;           /* NULL: none */
    ac_idempotency *idempotency; /* NULL: none */
    ac_dry_run *dry_run;         /* NULL: none */
    struct {
        ac_error_row *items;
        size_t count;
    } errors;
    struct {
        ac_inconsistency *items;
        size_t count;
    } inconsistencies;
    struct {
        ac_sample *items;
        size_t count;
    } request_samples;
    const ac_error_spec *specs; /* errors.count rows first */
    size_t spec_count;
} ac_contract;

/* Parameters that a request can hold: not containers, duplicates, action or version. */
bool ac_parameter_is_sendable(const ac_parameter *parameter);
const ac_parameter *ac_contract_parameter(const ac_contract *contract,
                                          ac_str name);                          /* exact documented name */
const ac_parameter *ac_contract_role(const ac_contract *contract, ac_role role); /* first with it, or NULL */

/* Fills what follows from the rest of a contract (specs). Loading does it; whoever changes a copy of a contract
 * does it again. */
void ac_contract_complete(ac_arena *arena, ac_contract *contract);

/* The array that the parameter is or stands in: "Zone" for "Zone", "Zone.N" and "Zone.N.ZoneId"; empty where
 * there is none. */
ac_str ac_parameter_array(const ac_parameter *parameter);

/* First spec whose code template is exactly this text, or NULL. */
const ac_error_spec *ac_contract_error(const ac_contract *contract, ac_str code);
/* The operation's specs for a situation, in order of preference; from 0 up to NULL. */
const ac_error_spec *ac_contract_when(const ac_contract *contract, ac_when when, size_t index);
/* The spec that an observed status and code belong to, or NULL: undocumented. */
const ac_error_spec *ac_contract_match_code(const ac_contract *contract, ac_str code);

/* A variable of the contract or its provider by exact name, also "vpc_id_2" for one with a count (*index is
 * then 2, else 1); NULL where there is none. */
const ac_variable *ac_contract_variable(const ac_contract *contract, ac_str name, int64_t *index);
/* The first variable that names a fixture of this resource, or NULL. */
const ac_variable *ac_contract_fixture(const ac_contract *contract, ac_str resource);

/* The source of a citation "source:section:row", looked up in the contract, then in its provider. */
const ac_source *ac_cite_source(const ac_contract *contract, ac_str cite, const ac_section **section,
                                int64_t *row);
/* For people: Alibaba Cloud, "CreateVpcEndpoint" (ja), エラーコード, row 8. */
ac_str ac_cite_describe(ac_arena *arena, const ac_contract *contract, ac_str cite);
/* The citation of the best standing, with it: "documented: Alibaba Cloud, …"; p NULL where there is none. */
ac_str ac_cite_said(ac_arena *arena, const ac_contract *contract, ac_strs cite);
/* documentation, metadata, sdk, client or inference: the standing of a list of citations is its best. */
ac_source_kind ac_cite_kind(const ac_contract *contract, ac_strs cite);
const char *ac_source_kind_name(ac_source_kind kind);

const char *ac_reach_name(ac_reach reach);
const char *ac_certainty_name(ac_certainty certainty);

#endif
