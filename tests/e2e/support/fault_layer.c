// Preloaded into a server: fails the calls that make files durable, as a disk that is breaking does.
//
// FAULT_FILE names a file; while it exists its first word says what fdatasync and fsync do:
//   eio   fail without writing anything
//   late  write, and fail all the same: the caller cannot know that it is durable
// A number after it is how many calls of the process fail; without one all do.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static atomic_int failed;

static int wish(void) {
  const char* name = getenv("FAULT_FILE");
  FILE* file = name == NULL ? NULL : fopen(name, "re");
  if (file == NULL) return 0;
  char kind[8] = "";
  int count = 0;
  const int read = fscanf(file, "%7s %d", kind, &count);
  fclose(file);
  if (read < 1) return 0;
  const int nth = atomic_fetch_add(&failed, 1) + 1;
  if (read == 2 && nth > count) return 0;
  return kind[0];
}

static int sync_with(const char* call, int file) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, call);
  const int kind = wish();
  if (kind == 0) return real(file);
  if (kind == 'l') real(file);
  errno = EIO;
  return -1;
}

int fdatasync(int file) { return sync_with("fdatasync", file); }
int fsync(int file) { return sync_with("fsync", file); }
