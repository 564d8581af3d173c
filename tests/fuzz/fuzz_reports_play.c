/* Every report of a results stream, whatever stands in it. */
#include <assert.h>
#include <stdint.h>

#include "reports/report.h"

static void play(ac_str text, ac_report *report)
{
    ac_err err;
    bool played = ac_result_play_text(text, "input", ac_report_listener(report), &err);
    (void)played;
    bool closed = ac_report_close(report, &err);
    assert(closed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const ac_console_options everything = {
        .colour = true, .progress = true, .verbose = true, .table = true, .columns = 40};
    const ac_str text = {(const char *)data, size};
    ac_err err;
    for (size_t i = 0; i < ac_report_format_count; i++) {
        ac_report *report = ac_report_formats[i].open("/dev/null", &err);
        assert(report);
        play(text, report);
    }
    ac_output *output = ac_output_open("/dev/null", &err);
    assert(output);
    play(text, ac_report_open_console(output, &everything));
    return 0;
}
