/* The one error number that the guest library sets. */
#ifndef ZISK_ERRNO_H
#define ZISK_ERRNO_H
#ifdef __cplusplus
extern "C" {
#endif
extern int errno;
#define ERANGE 34
#ifdef __cplusplus
}
#endif
#endif
