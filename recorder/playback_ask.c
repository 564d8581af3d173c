/* What a request asks, compared with what was asked in the recording. */
#include "playback_parts.h"

enum { INSIDE_MIN = 12 }; /* bytes of an id that is looked for inside a longer text */

static bool has_reference(const ac_parameter *parameter)
{
    for (size_t i = 0; parameter && i < parameter->constraints.count; i++) {
        if (parameter->constraints.items[i].kind == AC_REFERENCE) {
            return true;
        }
    }
    return false;
}

/* By the parameter's constraint, or by what a valid request has there. */
static bool is_id(ac_arena *arena, const ac_contract *contract, const ac_parameter *parameter, ac_str pointer)
{
    const ac_variable *variable = documented_variable(arena, contract, pointer);
    return has_reference(parameter) || (variable && variable->resource.n > 0);
}

/* What becomes of a scalar at a place. */
typedef struct change {
    ac_arena *arena;
    const ac_contract *contract; /* not NULL: tokens go, and ids become null where `ids` */
    bool ids;
    const ac_pair *values; /* name is replaced by value */
    size_t count;
} change;

/* NULL: nothing is left of it. */
static const ac_json *changed_scalar(const change *c, const ac_json *value, ac_str pointer)
{
    const ac_parameter *parameter =
        c->contract && pointer.n > 0 ? ac_recognised_parameter(c->contract, pointer) : NULL;
    if (parameter && parameter->role == AC_ROLE_TOKEN) {
        return NULL;
    }
    if (parameter && c->ids && is_id(c->arena, c->contract, parameter, pointer)) {
        return ac_json_null();
    }
    ac_str text = value->text;
    for (size_t i = 0; value->type == AC_JSON_STRING && i < c->count; i++) {
        ac_pair pair = c->values[i];
        bool inside = pair.name.n >= INSIDE_MIN && ac_str_find(text, pair.name) != AC_NOT_FOUND;
        if (inside || ac_str_eq(text, pair.name)) {
            text = ac_str_replace(c->arena, text, pair.name, pair.value);
        }
    }
    return text.p == value->text.p ? value : ac_json_string(c->arena, text);
}

static const ac_json *changed(const change *c, const ac_json *value, ac_str pointer)
{
    if (value->type != AC_JSON_ARRAY && value->type != AC_JSON_OBJECT) {
        return changed_scalar(c, value, pointer);
    }
    bool array = value->type == AC_JSON_ARRAY;
    const ac_json *out = array ? NULL : ac_json_object();
    const ac_json **items = AC_NEW_ARRAY(c->arena, value->count, const ac_json *);
    size_t count = 0;
    for (size_t i = 0; i < value->count; i++) {
        const ac_json *item = &value->items[i];
        ac_str token = array ? ac_str_printf(c->arena, "%zu", i) : ac_json_pointer_token(c->arena, item->key);
        ac_str inner = ac_str_printf(c->arena, "%.*s/%.*s", AC_STR_FMT(pointer), AC_STR_FMT(token));
        const ac_json *kept = changed(c, item, inner);
        if (kept) {
            items[count++] = kept;
            out = array ? NULL : ac_json_set(c->arena, out, item->key, kept);
        }
    }
    return array ? ac_json_array(c->arena, items, count) : out;
}

static void put_aside(ac_arena *arena, question *q)
{
    change c = {.arena = arena, .contract = q->call.contract};
    q->params = q->call.params;
    if (q->call.contract) {
        q->params = changed(&c, q->call.params, AC_STR(""));
        c.ids = true;
        q->plain = changed(&c, q->call.params, AC_STR(""));
    }
}

question question_of(ac_arena *arena, const ac_corpus *corpus, const ac_request *request)
{
    question q = {.method = request->method, .path = ac_target_path(request->target)};
    ac_recognise(arena, corpus, request, &q.call);
    put_aside(arena, &q);
    return q;
}

question question_with(ac_arena *arena, const question *q, const ac_pair *values, size_t count)
{
    question other = *q;
    if (count > 0 && q->call.contract) {
        change c = {.arena = arena, .values = values, .count = count};
        other.call.params = changed(&c, q->call.params, AC_STR(""));
        put_aside(arena, &other);
    }
    return other;
}

static bool same_operation(const question *a, const question *b)
{
    if (a->call.contract || b->call.contract) {
        return a->call.contract == b->call.contract;
    }
    return ac_str_eq(a->method, b->method) && ac_str_eq(a->path, b->path) &&
           ac_str_eq(a->call.action, b->call.action) && ac_str_eq(a->call.version, b->call.version);
}

bool asks_exactly(const question *a, const question *b)
{
    return same_operation(a, b) && ac_json_equal(a->call.params, b->call.params);
}

bool asks_the_same(const question *a, const question *b)
{
    return !a->exact && same_operation(a, b) && ac_json_equal(a->params, b->params);
}

bool asks_the_same_but_ids(const question *a, const question *b)
{
    return a->call.contract && !a->exact && same_operation(a, b) && ac_json_equal(a->plain, b->plain);
}

/* ---- what came nearest ---- */

static void add_value(ac_buf *out, const char *word, const ac_json *value)
{
    ac_buf text;
    ac_buf_init(&text, 100);
    ac_buf_add_c(out, word);
    if (value) {
        ac_json_write(&text, value);
        ac_buf_add_visible(out, ac_buf_str(&text));
    } else {
        ac_buf_add_c(out, "missing");
    }
    ac_buf_done(&text);
}

static void add_difference(ac_buf *out, ac_str name, const ac_json *sent, const ac_json *recorded,
                           unsigned count)
{
    if (out) {
        ac_buf_add_c(out, count > 0 ? "; " : "");
        ac_buf_add_visible(out, ac_str_sub(name, 0, 60));
        add_value(out, " is ", sent);
        add_value(out, ", recorded ", recorded);
    }
}

/* How many members differ; they are told in *out, where it is not NULL. */
static unsigned differences(const ac_json *sent, const ac_json *recorded, ac_buf *out)
{
    unsigned count = 0;
    for (size_t i = 0; sent && i < sent->count; i++) {
        const ac_json *other = ac_json_get(recorded, sent->items[i].key);
        if (!other || !ac_json_equal(&sent->items[i], other)) {
            add_difference(out, sent->items[i].key, &sent->items[i], other, count++);
        }
    }
    for (size_t i = 0; recorded && i < recorded->count; i++) {
        if (!ac_json_get(sent, recorded->items[i].key)) {
            add_difference(out, recorded->items[i].key, NULL, &recorded->items[i], count++);
        }
    }
    return count;
}

static void add_operation(ac_buf *out, const question *q)
{
    if (q->call.contract) {
        ac_buf_add(out, q->call.contract->operation);
        return;
    }
    ac_buf_add_visible(out, ac_str_sub(q->method, 0, 20));
    ac_buf_add_char(out, ' ');
    ac_buf_add_visible(out, ac_str_sub(q->path, 0, 200));
    if (q->call.action.n > 0) {
        ac_buf_add_c(out, " Action=");
        ac_buf_add_visible(out, ac_str_sub(q->call.action, 0, 80));
    }
}

static const taped *nearest_of(const strip *strips, size_t count, const question *q)
{
    const taped *nearest = NULL;
    unsigned least = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < strips[i].count; k++) {
            const taped *t = strips[i].steps[k];
            unsigned n = same_operation(&t->asked, q) ? differences(q->params, t->asked.params, NULL) : 0;
            if (same_operation(&t->asked, q) && (!nearest || n < least)) {
                nearest = t;
                least = n;
            }
        }
    }
    return nearest;
}

ac_str miss_line(ac_arena *arena, const strip *strips, size_t count, const question *q)
{
    const taped *nearest = nearest_of(strips, count, q);
    ac_buf line;
    ac_buf_init(&line, 2000);
    ac_buf_add_c(&line, "no recorded exchange is like ");
    add_operation(&line, q);
    if (!nearest) {
        ac_buf_add_c(&line, ": the recording does not have this operation");
        return ac_buf_take(&line, arena);
    }
    ac_buf_printf(&line, "; nearest is exchange %llu: ", (unsigned long long)nearest->record->number);
    if (differences(q->params, nearest->asked.params, &line) == 0) {
        ac_buf_add_c(&line, "it differs by where the question stands among others");
    }
    return ac_buf_take(&line, arena);
}
