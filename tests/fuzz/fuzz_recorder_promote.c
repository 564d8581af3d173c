/* A HAR from any bytes is redacted, promoted and played back to itself: nothing crashes, and
 * what is written is JSON. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "recorder/contradictions.h"
#include "recorder/har.h"
#include "recorder/playback.h"
#include "recorder/promote.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { RECORDS_MAX = 20 };

typedef struct world {
    ac_corpus *corpus;
    ac_cases cases;
    ac_redact_rules *rules;
} world;

static world load(void)
{
    ac_err err = {0};
    world w = {.corpus = ac_corpus_load(NULL, "cases", &err)};
    assert(w.corpus);
    bool ok = ac_cases_load(w.corpus, &w.cases, &err);
    w.rules = ac_redact_rules_new(w.corpus, &(ac_redact_choice){0}, &err);
    assert(ok && w.rules);
    return w;
}

typedef struct keeper {
    ac_arena *arena;
    ac_recording recording;
} keeper;

static bool keep(void *context, const ac_record *record)
{
    keeper *k = context;
    k->recording.items[k->recording.count++] = *record;
    return k->recording.count < RECORDS_MAX;
}

static void play(const world *w, ac_arena *arena, const ac_recording *recording)
{
    ac_playback *playback = ac_playback_new(w->corpus, recording, NULL, NULL);
    for (size_t i = 0; i < recording->count; i++) {
        ac_answer answer = {.delay_ms = 0};
        ac_contradictions drifts = {0};
        ac_playback_answer(playback, arena, &recording->items[i].request, &answer);
        ac_contradictions_of(arena, w->corpus, &recording->items[i], true, &drifts);
        assert(answer.response.status > 0);
    }
    ac_playback_free(playback);
}

static void promote(const world *w, ac_arena *arena, const ac_recording *recording,
                    const ac_redactor *redactor)
{
    ac_promoted out;
    const ac_promote_input input = {.corpus = w->corpus,
                                    .cases = &w->cases,
                                    .recording = recording,
                                    .second = recording,
                                    .redactor = redactor};
    ac_promote(arena, &input, &out);
    for (size_t i = 0; i < out.file_count; i++) {
        ac_buf text;
        ac_err err = {0};
        ac_buf_init(&text, SIZE_MAX / 4);
        ac_json_write(&text, out.files[i].json);
        assert(ac_json_parse(arena, ac_buf_str(&text), &ac_json_file_limits, &err));
        ac_buf_done(&text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static world w;
    if (!w.corpus) {
        w = load();
    }
    ac_err err = {0};
    keeper k = {.arena = ac_arena_new()};
    k.recording.items = AC_NEW_ARRAY(k.arena, RECORDS_MAX, ac_record);
    ac_str text = {size > 0 ? (const char *)data : "", size};
    if (ac_har_read(k.arena, text, "har", keep, &k, &err)) {
        ac_redactor *redactor = ac_redactor_new(w.rules, NULL);
        for (size_t i = 0; i < k.recording.count; i++) {
            ac_redactor_learn(redactor, &k.recording.items[i]);
            ac_redact(redactor, k.arena, &k.recording.items[i]);
        }
        promote(&w, k.arena, &k.recording, redactor);
        play(&w, k.arena, &k.recording);
        ac_redactor_free(redactor);
    }
    ac_arena_free(k.arena);
    return 0;
}
