/* Errors: which one, and how it is written. */
#include "mock/answer.h"
#include "mock/deviate.h"

/* ---- which ---- */

static const int64_t bad_request = 400;
static const int64_t internal = 500;
static const int64_t unavailable = 503;

/* Where the contract documents nothing for a situation, the answer is one that nobody documents. */
static const ac_error_spec *undocumented(ac_when when)
{
    static const ac_error_spec specs[] = {
        {.code = AC_STR_INIT("AccordMock.BadRequest"), .statuses = &bad_request, .status_count = 1},
        {.code = AC_STR_INIT("AccordMock.Internal"), .statuses = &internal, .status_count = 1},
        {.code = AC_STR_INIT("AccordMock.Unavailable"), .statuses = &unavailable, .status_count = 1},
    };
    return &specs[when == AC_WHEN_INTERNAL ? 1 : when == AC_WHEN_UNAVAILABLE ? 2 : 0];
}

bool ac_mock_refuse(ac_mock_call *call, const ac_error_spec *spec, ac_str first, ac_str second)
{
    call->refusal = (ac_mock_refusal){spec, first, second};
    return false;
}

/* Providers document some situations only together with another one. */
static ac_when nearest(ac_when when)
{
    static const ac_when others[AC_WHEN_COUNT] = {
        [AC_WHEN_MISSING_ACCESS_KEY] = AC_WHEN_UNKNOWN_ACCESS_KEY,
        [AC_WHEN_MISSING_SIGNATURE] = AC_WHEN_BAD_SIGNATURE,
        [AC_WHEN_MALFORMED_TIMESTAMP] = AC_WHEN_EXPIRED_TIMESTAMP,
        [AC_WHEN_MISSING_ACTION] = AC_WHEN_UNKNOWN_ACTION,
        [AC_WHEN_MISSING_VERSION] = AC_WHEN_UNKNOWN_VERSION,
        [AC_WHEN_UNKNOWN_VERSION] = AC_WHEN_UNKNOWN_ACTION,
        [AC_WHEN_UNKNOWN_PATH] = AC_WHEN_UNKNOWN_ACTION,
        [AC_WHEN_MISSING_PARAMETER] = AC_WHEN_MALFORMED_PARAMETER,
    };
    return others[when];
}

static const ac_error_spec *find(const ac_mock_call *call, ac_when when)
{
    return when == AC_WHEN_UNSET ? NULL : ac_contract_when(call->operation->contract, when, 0);
}

bool ac_mock_refuse_when(ac_mock_call *call, ac_when when, ac_str first, ac_str second)
{
    const ac_error_spec *spec = find(call, when);
    spec = spec ? spec : find(call, nearest(when));
    return ac_mock_refuse(call, spec ? spec : undocumented(when), first, second);
}

bool ac_mock_refuse_rule(ac_mock_call *call, ac_str code, ac_when otherwise, ac_str subject)
{
    const ac_error_spec *spec = code.p ? ac_contract_error(call->operation->contract, code) : NULL;
    if (spec) {
        return ac_mock_refuse(call, spec, subject, (ac_str){NULL, 0});
    }
    return ac_mock_refuse_when(call, otherwise, subject, (ac_str){NULL, 0});
}

/* ---- its text ---- */

static size_t brace_length(ac_str text)
{
    size_t end = ac_str_find_char(text, '}');
    for (size_t i = 1; i < end && i < text.n; i++) {
        char c = text.p[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z')) {
            return 0;
        }
    }
    return end != AC_NOT_FOUND && end > 1 ? end + 1 : 0;
}

/* Length of the placeholder at the start of the text, or 0. */
static size_t placeholder(const ac_error_spec *spec, ac_str text)
{
    if (ac_str_starts(text, AC_STR("%s")) || ac_str_starts(text, AC_STR("%d"))) {
        return 2;
    }
    if (ac_str_starts(text, AC_STR("{"))) {
        return brace_length(text);
    }
    for (size_t i = 0; i < spec->placeholder_count; i++) {
        if (spec->placeholders[i].n > 0 && ac_str_starts(text, spec->placeholders[i])) {
            return spec->placeholders[i].n;
        }
    }
    return 0;
}

static ac_str filled(const ac_mock_call *call, ac_str text)
{
    const ac_mock_refusal *refusal = &call->refusal;
    ac_str values[] = {refusal->first, refusal->second};
    size_t used = 0;
    ac_buf out;
    ac_buf_init(&out, text.n + 64 + 8 * (refusal->first.n + refusal->second.n));
    while (text.n > 0) {
        size_t length = placeholder(refusal->spec, text);
        if (length > 0) {
            bool known = used < AC_COUNT(values) && values[used].n > 0;
            ac_buf_add(&out, known ? values[used] : AC_STR("1"));
            used++;
        } else {
            ac_buf_add_char(&out, text.p[0]);
        }
        text = ac_str_sub(text, length > 0 ? length : 1, text.n);
    }
    return ac_buf_take(&out, call->arena);
}

static ac_str code_of(const ac_mock_call *call)
{
    return filled(call, call->refusal.spec->code);
}

static ac_str message_of(const ac_mock_call *call)
{
    const ac_error_spec *spec = call->refusal.spec;
    if (spec->message_count == 0) {
        return AC_STR("The request is refused; the documentation gives no text for it.");
    }
    bool lost = ac_mock_deviates(call, AC_ERROR_PARAMETERS_LOST) && ac_mock_concerns(call->mock, spec);
    return lost ? spec->messages[0] : filled(call, spec->messages[0]);
}

/* ---- its body ---- */

static ac_str host_of(const ac_mock_call *call)
{
    ac_str host = ac_header(&call->request->headers, "host");
    return host.n > 0 ? host : AC_STR("localhost");
}

static ac_str advice_of(const ac_mock_call *call)
{
    ac_str code = ac_percent_encoded(call->arena, code_of(call));
    return ac_str_printf(call->arena, "https://troubleshoot.example/?q=%.*s", AC_STR_FMT(code));
}

/* Members that are good for people and often there. */
static const struct {
    const char *name;
    ac_str (*text)(const ac_mock_call *call);
} courtesies[] = {{"HostId", host_of}, {"Recommend", advice_of}};

static bool is_number(const ac_error_envelope *envelope, const ac_mock_shape *shape)
{
    return envelope->number.p ? ac_str_eq(shape->field->pointer, envelope->number)
                              : ac_str_is(shape->key, "CodeN");
}

static const ac_json *member_value(const ac_mock_call *call, const ac_mock_shape *shape)
{
    const ac_error_envelope *envelope = &call->operation->contract->style->error;
    ac_str pointer = shape->field->pointer;
    if (ac_str_eq(pointer, envelope->code)) {
        return ac_json_string(call->arena, code_of(call));
    }
    if (ac_str_eq(pointer, envelope->message)) {
        return ac_json_string(call->arena, message_of(call));
    }
    if (is_number(envelope, shape)) {
        int64_t number = call->refusal.spec->number;
        return number > 0 ? ac_json_integer(call->arena, number) : NULL;
    }
    for (size_t i = 0; i < AC_COUNT(courtesies); i++) {
        if (ac_str_is(shape->key, courtesies[i].name)) {
            return ac_json_string(call->arena, courtesies[i].text(call));
        }
    }
    return shape->field->presence == 0 ? ac_mock_plausible(call, shape) : NULL;
}

static const ac_json *show_leaf(const ac_mock_call *call, const ac_mock_shape *shape)
{
    bool equals = shape->equals != AC_EQUALS_NONE;
    const ac_json *value = equals ? ac_mock_equal(call, shape->equals) : member_value(call, shape);
    const ac_json *typed = value ? ac_mock_typed(call->arena, value, shape->field->type) : NULL;
    return value && !typed ? ac_mock_plausible(call, shape) : typed;
}

static const ac_json *show(const ac_mock_call *call, const ac_mock_shape *shape)
{
    if (!shape->members) {
        return show_leaf(call, shape);
    }
    ac_json *items = AC_NEW_ARRAY(call->arena, shape->count, ac_json);
    ac_json *object = AC_NEW(call->arena, ac_json);
    *object = (ac_json){.type = AC_JSON_OBJECT, .items = items};
    for (const ac_mock_shape *member = shape->members; member; member = member->next) {
        const ac_json *value = show(call, member);
        if (value) {
            items[object->count] = *value;
            items[object->count++].key = member->key;
        }
    }
    bool optional = shape->field && shape->field->presence != 0;
    return optional && object->count == 0 ? NULL : object;
}

void ac_mock_answer_refusal(ac_mock_call *call)
{
    const ac_mock_shape *shape = call->operation->error;
    call->status = (int)call->refusal.spec->statuses[0];
    call->body = ac_mock_written(call->arena, show(call, shape));
}
