/* The keys that are no secret: what the mock takes, what accord signs with where it is given no others, and what
 * clients of the recorder sign with. */
#ifndef AC_SIGN_THROWAWAY_H
#define AC_SIGN_THROWAWAY_H

#define AC_THROWAWAY_KEY_PREFIX "AKACCORD" /* every access key id that begins with it has this secret */
#define AC_THROWAWAY_SECRET     "accord-mock-not-a-secret"

#endif
