/* Preloaded into herald by tests: ends the process at a chosen sync, as a power cut would, or makes a write fail.
 *
 * HERALD_SHIM_KILL=n    SIGKILL instead of the n-th fsync or fdatasync
 * HERALD_SHIM_COUNT=f   adds a byte to the file f for each sync
 * HERALD_SHIM_FULL=n    from the n-th write to a regular file on, ENOSPC
 * HERALD_SHIM_EIO=n     the n-th sync fails with EIO
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_long syncs, writes;

static long setting(const char *name) {
    const char *text = getenv(name);
    return text ? atol(text) : 0;
}

static int sync_with(const char *name, int descriptor) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    long number = atomic_fetch_add(&syncs, 1) + 1;
    const char *file = getenv("HERALD_SHIM_COUNT");
    if (file) {
        int log = open(file, O_WRONLY | O_APPEND | O_CREAT, 0600);
        if (log >= 0) {
            ssize_t (*put)(int, const void *, size_t) = (ssize_t (*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
            if (put(log, ".", 1) < 0) abort();
            close(log);
        }
    }
    if (number == setting("HERALD_SHIM_KILL")) kill(getpid(), SIGKILL);
    if (number == setting("HERALD_SHIM_EIO")) {
        errno = EIO;
        return -1;
    }
    return real(descriptor);
}

int fsync(int descriptor) { return sync_with("fsync", descriptor); }
int fdatasync(int descriptor) { return sync_with("fdatasync", descriptor); }

/* Pipes and terminals are never full. */
static int is_full(int descriptor) {
    long limit = setting("HERALD_SHIM_FULL");
    struct stat status;
    if (!limit || descriptor < 3 || fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return 0;
    return atomic_fetch_add(&writes, 1) + 1 >= limit;
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
    ssize_t (*real)(int, const void *, size_t) = (ssize_t (*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    if (is_full(descriptor)) {
        errno = ENOSPC;
        return -1;
    }
    return real(descriptor, bytes, count);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
    ssize_t (*real)(int, const void *, size_t, off64_t) = (ssize_t (*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
    if (is_full(descriptor)) {
        errno = ENOSPC;
        return -1;
    }
    return real(descriptor, bytes, count, offset);
}
