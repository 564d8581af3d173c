/*
 * What the files of the server share: server.c listens, starts and stops, server_call.c serves requests,
 * server_framing.c gives answers their form on the wire. For them only.
 */
#ifndef AC_HTTP_SERVER_PARTS_H
#define AC_HTTP_SERVER_PARTS_H

#include <microhttpd.h>
#include <pthread.h>

#include "http/server.h"

/* One request being served. Finished calls are kept and used again. */
typedef struct ac_server_call {
    struct ac_server_call *next; /* among the free or the delayed ones */
    struct MHD_Connection *connection;
    ac_arena *arena;
    ac_request request;
    ac_buf body;
    size_t received; /* bytes of the body, dropped ones too */
    ac_answer answer;
    int64_t due_us; /* of a delayed answer, or of its second half */
    struct ac_server *server;
    bool paused;   /* within a slow answer, once */
    bool begun;    /* headers seen */
    bool answered; /* answer is filled */
} ac_server_call;

struct ac_server {
    ac_server_options options;
    ac_handler handler;
    void *context;
    struct MHD_Daemon *daemon;
    uint16_t port;
    char url[80];
    pthread_mutex_t lock; /* for what follows */
    char log[256];        /* what libmicrohttpd says while it starts */
    bool started;
    pthread_cond_t changed;
    ac_server_call *free;
    ac_server_call *delayed;
    pthread_t timer;
    bool timer_runs;
    bool stopping;
};

void ac_server_init_calls(ac_server *server);
void ac_server_done_calls(ac_server *server); /* when libmicrohttpd has stopped */

/* From now on answers are not delayed, and those that were go out. */
void ac_server_end_delays(ac_server *server);

/* Suspends the call's connection for so long; false where there is no more waiting. */
bool ac_server_suspend(ac_server *server, ac_server_call *call, int64_t wait_ms);

/* server_framing.c: an answer as its framing says; NULL where libmicrohttpd cannot. Headers are the caller's. */
struct MHD_Response *ac_server_frame(ac_server_call *call);
/* Whether the connection ends without an answer; prepares its reset. */
bool ac_server_gives_none(const ac_server_call *call);

/* Callbacks of libmicrohttpd; context is the server. */
void *ac_server_on_target(void *context, const char *target, struct MHD_Connection *connection);
enum MHD_Result ac_server_on_request(void *context, struct MHD_Connection *connection, const char *path,
                                     const char *method, const char *version, const char *bytes, size_t *size,
                                     void **request);
void ac_server_on_completed(void *context, struct MHD_Connection *connection, void **request,
                            enum MHD_RequestTerminationCode why);

#endif
