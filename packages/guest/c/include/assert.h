/* A failed assertion is a panic with its place. */
#undef assert
#ifdef NDEBUG
#define assert(condition) ((void)0)
#else
#include <zisk.h>
#define assert(condition) ((condition) ? (void)0 : zisk_panic("%s:%d: assertion failed: %s", __FILE__, __LINE__, #condition))
#endif
#if !defined(__cplusplus) && !defined(static_assert) && __STDC_VERSION__ < 202311L
#define static_assert _Static_assert
#endif
