/*
 * Runs Borgelt's fpgrowth and eclat for the benches, on the sources that PyFIM brings.
 *
 * The baskets come once, as a file of little-endian 32-bit words: rows, entries, then indptr and indices. Each line of
 * standard input {"algorithm":"fpgrowth","min_count":1000} is answered by a line of JSON. Only what his programs do between
 * reading and the end of the search is timed: recoding, sorting, building, mining; sets are counted and not written.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "eclat.h"
#include "fpgrowth.h"

static uint32_t rows, entries, *indptr, *indices;

static void fail(const char *what) {
  fprintf(stderr, "borgelt_peer: %s\n", what);
  exit(1);
}

static uint32_t *words(FILE *file, size_t count) {
  uint32_t *all = malloc(count * sizeof *all);
  if (!all || fread(all, sizeof *all, count, file) != count) fail("cannot read the baskets");
  return all;
}

static void read_baskets(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) fail("cannot open the baskets");
  uint32_t *head = words(file, 2);
  rows = head[0];
  entries = head[1];
  indptr = words(file, rows + 1);
  indices = words(file, entries);
  fclose(file);
}

/* As his reader does it: counts of items are complete once all baskets are in. */
static TABAG *baskets(void) {
  char name[16];
  ITEMBASE *base = ib_create(0, 0);
  TABAG *bag = base ? tbg_create(base) : NULL;
  if (!bag) fail("no memory for baskets");
  for (uint32_t row = 0; row < rows; row++) {
    ib_clear(base);
    for (uint32_t entry = indptr[row]; entry < indptr[row + 1]; entry++) {
      snprintf(name, sizeof name, "%u", indices[entry]);
      if (ib_add2ta(base, name) < 0) fail("no memory for items");
    }
    ib_finta(base, 1);
    if (tbg_addib(bag) < 0) fail("no memory for baskets");
  }
  return bag;
}

static double ms_of(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return 1e3 * now.tv_sec + 1e-6 * now.tv_nsec;
}

static size_t fpgrowth(TABAG *bag, double min_count) {
  FPGROWTH *miner = fpg_create(FPG_FREQ, -min_count, 100.0, 80.0, 1, ITEM_MAX, FPG_NONE, FPG_NONE, 10.0, FPG_SIMPLE, FPG_DEFAULT);
  if (!miner || fpg_data(miner, bag, 0, 2)) fail("fpgrowth has nothing to mine");
  ISREPORT *report = isr_create(tbg_base(bag));
  if (!report || fpg_report(miner, report) || isr_setup(report) < 0 || fpg_mine(miner, ITEM_MIN, 0)) fail("fpgrowth failed");
  return isr_repcnt(report);
}

static size_t eclat(TABAG *bag, double min_count) {
  ECLAT *miner = eclat_create(ECL_FREQ, -min_count, 100.0, 80.0, 1, ITEM_MAX, ECL_NONE, ECL_NONE, 10.0, ECL_AUTO, ECL_DEFAULT);
  if (!miner || eclat_data(miner, bag, 0, 2)) fail("eclat has nothing to mine");
  ISREPORT *report = isr_create(tbg_base(bag));
  if (!report || eclat_report(miner, report) || isr_setup(report) < 0 || eclat_mine(miner, ITEM_MIN, 0)) fail("eclat failed");
  return isr_repcnt(report);
}

int main(int count, char **arguments) {
  char line[200], algorithm[20];
  double min_count;
  if (count != 2) fail("give the file of baskets");
  read_baskets(arguments[1]);
  printf("{\"baskets\":%u}\n", rows);
  fflush(stdout);
  while (fgets(line, sizeof line, stdin)) {
    if (sscanf(line, "{\"algorithm\":\"%19[a-z]\",\"min_count\":%lf}", algorithm, &min_count) != 2) fail("cannot understand");
    TABAG *bag = baskets();
    double started = ms_of(CLOCK_MONOTONIC), cpu_started = ms_of(CLOCK_PROCESS_CPUTIME_ID);
    size_t itemsets = (strcmp(algorithm, "eclat") == 0 ? eclat : fpgrowth)(bag, min_count);
    double cpu_ms = ms_of(CLOCK_PROCESS_CPUTIME_ID) - cpu_started, ms = ms_of(CLOCK_MONOTONIC) - started;
    printf("{\"ms\":%f,\"cpu_ms\":%f,\"itemsets\":%zu}\n", ms, cpu_ms, itemsets);
    fflush(stdout);
  }
  return 0;
}
