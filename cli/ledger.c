#include "cli/ledger.h"

#include <stdio.h>
#include <unistd.h>

#include "base/file.h"

ac_drift *ledger_read(cli_context *cli, const char *path)
{
    ac_str text = ac_file_read(cli->arena, path, ac_json_file_limits.bytes, &cli->err);
    return text.p ? ac_drift_read(text, path, &cli->err) : NULL;
}

ac_drift *ledger_open(cli_context *cli, const char *path)
{
    return access(path, F_OK) != 0 ? ac_drift_new() : ledger_read(cli, path);
}

bool ledger_write_file(cli_context *cli, const char *path, ac_str text)
{
    ac_output *output = ac_output_open(path, &cli->err);
    if (!output) {
        return false;
    }
    ac_output_write(output, text);
    return ac_output_close(output, &cli->err);
}

bool ledger_save(cli_context *cli, ac_drift *drift, const char *path)
{
    ac_str text;
    if (!ac_drift_write(drift, cli->arena, &text, &cli->err) || !ledger_write_file(cli, path, text)) {
        return false;
    }
    ac_drift_changes changes = ac_drift_changed(drift);
    printf("%s: %zu new, %zu seen again, %zu no longer seen\n", path, changes.first, changes.again,
           changes.gone);
    return true;
}
