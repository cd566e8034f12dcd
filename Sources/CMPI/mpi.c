#define _GNU_SOURCE
#include "CMPI.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct stapes_mpi_family families[] = {
    {
        .name = "Open MPI",
        .mark = "ompi_mpi_comm_world",
        .world_symbol = "ompi_mpi_comm_world",
        .byte_symbol = "ompi_mpi_byte",
        .errors_return_symbol = "ompi_mpi_errors_return",
        .no_status = 0,
        .serialized = 2,
    },
    {
        .name = "MPICH",
        .world = 0x44000000,
        .byte = 0x4c00010d,
        .errors_return = 0x54000001,
        .no_status = 1,
        .serialized = 2,
    },
};
enum { family_count = sizeof families / sizeof *families };

const struct stapes_mpi_family *stapes_mpi_family(int number) {
  return number < family_count ? &families[number] : NULL;
}

static struct {
  const struct stapes_mpi_family *family;
  intptr_t world, byte, errors_return;
  int rank, count;
  int (*init)(int *, char ***, int, int *);
  int (*set_error_handler)(intptr_t, intptr_t);
  int (*get_rank)(intptr_t, int *);
  int (*get_count)(intptr_t, int *);
  int (*send)(const void *, int, intptr_t, int, int, intptr_t, intptr_t *);
  int (*receive)(void *, int, intptr_t, int, int, intptr_t, intptr_t *);
  int (*test)(intptr_t *, int *, intptr_t);
  int (*abort)(intptr_t, int);
  int (*finish)(void);
} mpi;

// Libraries are asked to bear calls from any thread, one at a time.
static pthread_mutex_t calls = PTHREAD_MUTEX_INITIALIZER;

// Looks a function or a handle up, and notes whether one was missing.
static void *find(void *library, const char *name, const char **missing) {
  void *found = dlsym(library, name);
  if (!found && !*missing) *missing = name;
  return found;
}

static intptr_t handle(void *library, intptr_t number, const char *symbol, const char **missing) {
  return symbol ? (intptr_t)find(library, symbol, missing) : number;
}

// Fills in the table; returns the name of what the library lacks, or NULL.
static const char *bind(void *library) {
  const char *missing = NULL;
  mpi.family = NULL;
  for (int i = 0; i < family_count && !mpi.family; i++) {
    const struct stapes_mpi_family *family = &families[i];
    if (!family->mark || dlsym(library, family->mark)) mpi.family = family;
  }
  mpi.world = handle(library, mpi.family->world, mpi.family->world_symbol, &missing);
  mpi.byte = handle(library, mpi.family->byte, mpi.family->byte_symbol, &missing);
  mpi.errors_return =
      handle(library, mpi.family->errors_return, mpi.family->errors_return_symbol, &missing);
  *(void **)&mpi.init = find(library, "MPI_Init_thread", &missing);
  *(void **)&mpi.set_error_handler = find(library, "MPI_Comm_set_errhandler", &missing);
  *(void **)&mpi.get_rank = find(library, "MPI_Comm_rank", &missing);
  *(void **)&mpi.get_count = find(library, "MPI_Comm_size", &missing);
  *(void **)&mpi.send = find(library, "MPI_Isend", &missing);
  *(void **)&mpi.receive = find(library, "MPI_Irecv", &missing);
  *(void **)&mpi.test = find(library, "MPI_Test", &missing);
  *(void **)&mpi.abort = find(library, "MPI_Abort", &missing);
  *(void **)&mpi.finish = find(library, "MPI_Finalize", &missing);
  return missing;
}

const char *stapes_mpi_start(const char *name) {
  // Open MPI's parts, which it loads itself, look for its symbols among those of the program.
  void *library = dlopen(name, RTLD_NOW | RTLD_GLOBAL);
  if (!library) return dlerror();
  const char *missing = bind(library);
  if (missing) {
    static char text[128];
    snprintf(text, sizeof text, "it lacks %s", missing);
    return text;
  }
  int provided = 0;
  if (mpi.init(NULL, NULL, mpi.family->serialized, &provided)) return "MPI_Init_thread fails";
  if (provided < mpi.family->serialized) return "it was built for programs of one thread";
  mpi.set_error_handler(mpi.world, mpi.errors_return);
  if (mpi.get_rank(mpi.world, &mpi.rank) || mpi.get_count(mpi.world, &mpi.count))
    return "MPI_Comm_rank fails";
  return NULL;
}

int stapes_mpi_rank(void) { return mpi.rank; }
int stapes_mpi_count(void) { return mpi.count; }

// A copy of a message that is being sent.
struct outgoing {
  struct outgoing *next;
  intptr_t request;
  int rank, tag;
  char bytes[];
};
static struct outgoing *outgoing;

int stapes_mpi_send(const void *bytes, size_t count, int rank, int tag) {
  struct outgoing *message = malloc(sizeof *message + count);
  if (!message) return -1;
  memcpy(message->bytes, bytes, count);
  message->request = 0;
  message->rank = rank;
  message->tag = tag;
  pthread_mutex_lock(&calls);
  int error = mpi.send(message->bytes, (int)count, mpi.byte, rank, tag, mpi.world, &message->request);
  if (error) {
    free(message);
  } else {
    message->next = outgoing;
    outgoing = message;
  }
  pthread_mutex_unlock(&calls);
  return -error;
}

int stapes_mpi_sending(int rank, int tag) {
  int count = 0, error = 0;
  pthread_mutex_lock(&calls);
  for (struct outgoing **place = &outgoing; *place && !error;) {
    struct outgoing *message = *place;
    int done = 0;
    if (message->rank == rank && message->tag == tag) {
      error = mpi.test(&message->request, &done, mpi.family->no_status);
      count += !done;
    }
    if (done) {
      *place = message->next;
      free(message);
    } else {
      place = &message->next;
    }
  }
  pthread_mutex_unlock(&calls);
  return error ? -error : count;
}

int stapes_mpi_receive(void *bytes, size_t count, int rank, int tag, intptr_t *request) {
  *request = 0;
  pthread_mutex_lock(&calls);
  int error = mpi.receive(bytes, (int)count, mpi.byte, rank, tag, mpi.world, request);
  pthread_mutex_unlock(&calls);
  return -error;
}

int stapes_mpi_test(intptr_t *request) {
  int done = 0;
  pthread_mutex_lock(&calls);
  int error = mpi.test(request, &done, mpi.family->no_status);
  pthread_mutex_unlock(&calls);
  return error ? -error : done != 0;
}

void stapes_mpi_abort(int status) {
  // Without the lock: whoever holds it may wait for a process that is no more.
  mpi.abort(mpi.world, status);
  _Exit(status);
}

static void *finish(void *unused) {
  (void)unused;
  pthread_mutex_lock(&calls);
  mpi.finish();
  pthread_mutex_unlock(&calls);
  return NULL;
}

// Whoever calls this has sent and received all there is. MPICH over UCX was seen never to come back
// from MPI_Finalize after a slow link; a job that has done its work is not to hang for that.
void stapes_mpi_finish(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, finish, NULL)) {
    finish(NULL);
    return;
  }
  struct timespec end;
  clock_gettime(CLOCK_REALTIME, &end);
  end.tv_sec += 10;
  if (pthread_timedjoin_np(thread, NULL, &end)) pthread_detach(thread);
}

// glibc has a function of this name since 2.36 only.
int stapes_process_descriptor(int process) { return (int)syscall(SYS_pidfd_open, process, 0); }
