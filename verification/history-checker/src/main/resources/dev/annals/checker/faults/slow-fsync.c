/* Preloaded: fsync and fdatasync wait for as many milliseconds as the file says whose name is in FSYNC_MILLIS_FILE,
   and not at all while there is none. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void wait_as_told(void) {
  const char *name = getenv("FSYNC_MILLIS_FILE");
  FILE *file = name ? fopen(name, "r") : NULL;
  long millis = 0;
  if (file) {
    if (fscanf(file, "%ld", &millis) != 1) millis = 0;
    fclose(file);
  }
  if (millis > 0) {
    struct timespec pause = {millis / 1000, millis % 1000 * 1000000L};
    nanosleep(&pause, NULL);
  }
}

int fsync(int file) {
  static int (*real)(int);
  if (!real) real = (int (*)(int)) dlsym(RTLD_NEXT, "fsync");
  wait_as_told();
  return real(file);
}

int fdatasync(int file) {
  static int (*real)(int);
  if (!real) real = (int (*)(int)) dlsym(RTLD_NEXT, "fdatasync");
  wait_as_told();
  return real(file);
}
