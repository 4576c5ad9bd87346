// Counts the instructions that one thread of a process executes in user mode,
// by stepping through them, for machines whose processor cannot be asked. Every
// other thread of the process stands still meanwhile, so that the thread does
// what it always does and nothing that the slowness brings about.
//
//   count PID TID [LIBRARY]
//
// It writes "ready" when the thread is being stepped, goes on until its
// standard input has a byte or ends, and lets everything run again. Then it
// writes, a line each:
//
//   in FILE INSTRUCTIONS            what was executed of a mapped file
//   from FILE ADDRESS CALLS INSTRUCTIONS   a function of LIBRARY that others call
//   to FILE ADDRESS CALLS INSTRUCTIONS     a function of others that LIBRARY calls
//
// ADDRESS is as in the file's symbols. "to" has all that the call led to, "from"
// what remains when those are taken off. What is executed inside the kernel is
// not seen, and a repeated string instruction is one, as it is to the processor.

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/time.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef __x86_64__
#error "stepping is for x86-64: elsewhere it makes atomic sequences fail forever"
#endif

#define GET_RSEQ_CONFIGURATION 0x420f // of <linux/ptrace.h>, which cannot stand beside <sys/ptrace.h>

struct rseq_configuration {
  uint64_t pointer;
  uint32_t size, signature, flags, pad;
};

enum { MAX_THREADS = 256, MAX_MAPS = 512, MAX_FUNCTIONS = 256 };

// map is a piece of a file that can be executed.
struct map {
  uint64_t start, end, base, count;
  bool library;
  char name[64];
};

// function is one at the border of the library.
struct function {
  const struct map *map;
  uint64_t address, calls, count;
  bool out;
};

static struct map maps[MAX_MAPS];
static struct function functions[MAX_FUNCTIONS];
static pid_t threads[MAX_THREADS];
static int n_maps, n_functions, n_threads;

static void fail(const char *what) {
  fprintf(stderr, "count: %s: %s\n", what, strerror(errno));
  exit(1);
}

// asked_to_end says whether standard input has something to say. A timer
// sees to it that nobody waits for a thread without asking again.
static bool asked_to_end(void) {
  struct pollfd in = {.fd = 0, .events = POLLIN};
  return poll(&in, 1, 0) > 0;
}

static volatile sig_atomic_t time_to_ask;

static void on_timer(int signal) {
  (void)signal;
  time_to_ask = 1;
}

// stop makes one thread stand still. Those that end meanwhile are left out.
static bool stop(pid_t tid) {
  int status;
  if (ptrace(PTRACE_SEIZE, tid, 0, 0) < 0) {
    if (errno == ESRCH) return false;
    fail("this process may not be traced");
  }
  if (ptrace(PTRACE_INTERRUPT, tid, 0, 0) < 0) return false;
  return waitpid(tid, &status, __WALL) == tid && WIFSTOPPED(status);
}

// stop_all stops threads until a whole look at the list finds none running.
static void stop_all(pid_t pid) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/task", pid);
  for (bool found = true; found;) {
    found = false;
    DIR *dir = opendir(path);
    if (!dir) fail(path);
    for (struct dirent *e; (e = readdir(dir));) {
      pid_t tid = atoi(e->d_name);
      bool known = tid <= 0;
      for (int i = 0; i < n_threads && !known; i++) known = threads[i] == tid;
      if (known) continue;
      if (n_threads == MAX_THREADS) {
        errno = E2BIG;
        fail("threads");
      }
      if (stop(tid)) threads[n_threads++] = tid;
      found = true;
    }
    closedir(dir);
  }
}

static void read_maps(pid_t pid, const char *library) {
  char path[64], line[4096], last[64] = "";
  uint64_t base = 0;
  snprintf(path, sizeof path, "/proc/%d/maps", pid);
  FILE *f = fopen(path, "r");
  if (!f) fail(path);
  while (fgets(line, sizeof line, f)) {
    char flags[8], file[3072] = "", name[64];
    uint64_t start, end;
    if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s %*s %*s %*s %3071[^\n]", &start, &end, flags, file) < 3) continue;
    char *slash = strrchr(file, '/');
    snprintf(name, sizeof name, "%.63s", slash ? slash + 1 : file[0] ? file : "anonymous");
    if (strcmp(name, last) != 0) base = start;
    memcpy(last, name, sizeof last);
    if (flags[2] != 'x' || n_maps == MAX_MAPS) continue;
    struct map *m = &maps[n_maps++];
    *m = (struct map){.start = start, .end = end, .base = base};
    m->library = library && strcmp(library, name) == 0;
    memcpy(m->name, name, sizeof name);
  }
  fclose(f);
}

static struct map *map_of(uint64_t at) {
  static struct map nowhere = {.name = "elsewhere"}, *last = &nowhere;
  if (at - last->start < last->end - last->start) return last;
  for (int i = 0; i < n_maps; i++)
    if (at - maps[i].start < maps[i].end - maps[i].start) return last = &maps[i];
  return &nowhere;
}

static struct function *called(uint64_t at, bool out) {
  int i = 0;
  while (i < n_functions && (functions[i].address != at || functions[i].out != out)) i++;
  if (i == MAX_FUNCTIONS) {
    errno = E2BIG;
    fail("functions");
  }
  if (i == n_functions) functions[n_functions++] = (struct function){.map = map_of(at), .address = at, .out = out};
  functions[i].calls++;
  return &functions[i];
}

// note counts an instruction that the thread is about to execute.
static void note(pid_t tid, uint64_t at) {
  static struct function *in, *out; // of the library, and called by it
  static bool was_library;
  struct map *m = map_of(at);
  m->count++;
  if (m->library && !was_library) {
    if (out)
      out = NULL;
    else
      in = called(at, false);
  } else if (!m->library && was_library) {
    // Whether it calls or returns: a call leaves the way back on the stack.
    uint64_t stack = (uint64_t)ptrace(PTRACE_PEEKUSER, tid, offsetof(struct user_regs_struct, rsp), 0);
    if (map_of((uint64_t)ptrace(PTRACE_PEEKDATA, tid, stack, 0))->library)
      out = called(at, true);
    else
      in = NULL;
  }
  was_library = m->library;
  if (out)
    out->count++;
  else if (in)
    in->count++;
}

// step goes through the thread until asked to end, and leaves it stopped.
static void step(pid_t tid) {
  // Allocators guard short sequences by restartable sequences: the kernel sends
  // a thread that was interrupted in one back to its beginning, so that a
  // stepped one would never come to its end. The thread's word for "I am in one"
  // is therefore taken away before it goes on. That is safe because those who
  // could meddle with the same data, the threads of its process, stand still.
  struct rseq_configuration rseq = {0};
  if (ptrace(GET_RSEQ_CONFIGURATION, tid, sizeof rseq, &rseq) < 0) rseq.pointer = 0;
  int deliver = 0;
  uint64_t before = 0;
  for (bool end = false;;) {
    if (rseq.pointer && ptrace(PTRACE_POKEDATA, tid, rseq.pointer + 8, 0) < 0) fail("poke");
    if (ptrace(PTRACE_SINGLESTEP, tid, 0, deliver) < 0) fail("step");
    deliver = 0;
    int status;
    while (waitpid(tid, &status, __WALL) < 0) {
      if (errno != EINTR) fail("wait");
      // It sleeps in the kernel, most likely, and has to be fetched.
      end = end || asked_to_end();
      if (end && ptrace(PTRACE_INTERRUPT, tid, 0, 0) < 0) fail("interrupt");
    }
    if (!WIFSTOPPED(status)) {
      fprintf(stderr, "count: the thread has ended\n");
      exit(1);
    }
    // Fetched: the end of its step is still to come, as a signal that would
    // kill it if nobody took it.
    if (status >> 16 == PTRACE_EVENT_STOP) continue;
    if (WSTOPSIG(status) != SIGTRAP) {
      deliver = WSTOPSIG(status);
      continue;
    }
    errno = 0;
    uint64_t at = (uint64_t)ptrace(PTRACE_PEEKUSER, tid, offsetof(struct user_regs_struct, rip), 0);
    if (errno) fail("peek");
    if (at != before) note(tid, at); // a repetition is counted once
    before = at;
    if (time_to_ask) {
      time_to_ask = 0;
      end = end || asked_to_end();
    }
    if (end) return;
  }
}

int main(int argc, char **argv) {
  if (argc != 3 && argc != 4) {
    fprintf(stderr, "usage: count PID TID [LIBRARY]\n");
    return 1;
  }
  pid_t pid = atoi(argv[1]), tid = atoi(argv[2]);
  struct sigaction act = {.sa_handler = on_timer};
  struct itimerval every = {{0, 5000}, {0, 5000}};
  stop_all(pid);
  read_maps(pid, argv[3]);
  if (sigaction(SIGALRM, &act, NULL) < 0 || setitimer(ITIMER_REAL, &every, NULL) < 0) fail("timer");
  // Both on one processor: a step then wakes nobody elsewhere.
  cpu_set_t allowed, one;
  CPU_ZERO(&one);
  CPU_SET(sched_getcpu(), &one);
  if (sched_getaffinity(tid, sizeof allowed, &allowed) < 0 || sched_setaffinity(tid, sizeof one, &one) < 0 ||
      sched_setaffinity(0, sizeof one, &one) < 0)
    fail("processor");
  printf("ready\n");
  fflush(stdout);
  step(tid);
  if (sched_setaffinity(tid, sizeof allowed, &allowed) < 0) fail("processor");
  for (int i = 0; i < n_threads; i++) ptrace(PTRACE_DETACH, threads[i], 0, 0);
  for (struct map *m = maps; m < maps + n_maps; m++)
    if (m->count) printf("in %s %" PRIu64 "\n", m->name, m->count);
  for (struct function *f = functions; f < functions + n_functions; f++)
    printf("%s %s %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", f->out ? "to" : "from", f->map->name, f->address - f->map->base, f->calls,
           f->count);
  return 0;
}
