#ifndef STAPES_CMPI_H
#define STAPES_CMPI_H

#include <stddef.h>
#include <stdint.h>

// The Message Passing Interface, loaded while the program runs: the launcher's library, whichever
// it is, so that one binary serves all. Bytes are sent and received; sums are not MPI's here.

// What differs between the families of libraries. Handles are ints or pointers; both travel in an
// intptr_t, of whose low half a library of ints takes note.
struct stapes_mpi_family {
  // Names it, for people.
  const char *name;
  // A symbol that libraries of this family alone have; NULL for the family of all others.
  const char *mark;
  // The handles, as numbers or, where those are 0, as the names of what they are the addresses of.
  intptr_t world, byte, errors_return;
  const char *world_symbol, *byte_symbol, *errors_return_symbol;
  // MPI_STATUS_IGNORE.
  intptr_t no_status;
  // MPI_THREAD_SERIALIZED.
  int serialized;
};

// One of the families, counted from 0; NULL behind the last.
const struct stapes_mpi_family *stapes_mpi_family(int number);

// Loads a library and joins the job.
//
// Returns NULL, or a text that says what is wrong; then another library may be tried.
const char *stapes_mpi_start(const char *library);

// The number of this process in its job, and how many there are.
int stapes_mpi_rank(void);
int stapes_mpi_count(void);

// Messages are of at most 2^31 - 1 bytes; those of one sender and tag arrive in order. Any thread may
// call these functions, whose results below 0 are minus MPI's error.

// Sends a copy of some bytes, while others work.
int stapes_mpi_send(const void *bytes, size_t count, int rank, int tag);

// Moves all messages on. Returns how many to a rank, with a tag, are still on their way.
int stapes_mpi_sending(int rank, int tag);

// Begins to receive a message of a known size, whose memory stays in its place until it is there.
int stapes_mpi_receive(void *bytes, size_t count, int rank, int tag, intptr_t *request);

// Moves all messages on. Returns 1 when one that is to be received is there, else 0.
int stapes_mpi_test(intptr_t *request);

// Ends the processes of the job, this one too.
void stapes_mpi_abort(int status);

// Leaves the job; all processes do.
void stapes_mpi_finish(void);

// A file descriptor that can be read from when a process has ended; below 0 where there is none.
int stapes_process_descriptor(int process);

#endif
