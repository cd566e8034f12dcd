#pragma once
#include <stdio.h>
#include <unistd.h>

#include <bits/types/cookie_io_functions_t.h>
#include <sndfile.h>

// libmpg123, which libsndfile uses, writes to the stream for errors and tells its caller nothing.
// Once stapes_keep_messages was called, what a thread writes there between stapes_begin_decoding and
// stapes_end_decoding is counted instead; all else goes where it went before.

FILE *fopencookie(void *cookie, const char *mode, cookie_io_functions_t functions);

// The messages of this thread's decoder; -1 while it does not decode.
static int *stapes_message_count(void) {
  static _Thread_local int count = -1;
  return &count;
}

static ssize_t stapes_write_message(void *cookie, const char *bytes, size_t length) {
  (void)cookie;
  if (*stapes_message_count() < 0) return write(STDERR_FILENO, bytes, length);
  *stapes_message_count() += 1;
  return (ssize_t)length;
}

static void stapes_keep_messages(void) {
  cookie_io_functions_t functions = {.write = stapes_write_message};
  FILE *stream = fopencookie(NULL, "w", functions);
  if (!stream) return;
  setvbuf(stream, NULL, _IONBF, 0);  // so that a message is told on the thread that writes it
  stderr = stream;
}

static void stapes_begin_decoding(void) { *stapes_message_count() = 0; }

// Returns how many messages there were.
static int stapes_end_decoding(void) {
  int count = *stapes_message_count();
  *stapes_message_count() = -1;
  return count;
}
