// Byte strings, lists and header maps.
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"

static char* copy(const char* bytes, size_t n) {
  char* c = malloc(n ? n : 1);
  if (n) memcpy(c, bytes, n);
  return c;
}

void list_add(list* l, const char* bytes, size_t n) {
  if (l->n == l->room) l->at = realloc(l->at, (l->room = l->room ? 2 * l->room : 8) * sizeof *l->at);
  l->at[l->n++] = (text){copy(bytes, n), n};
}

void list_text(list* l, const char* s) { list_add(l, s, strlen(s)); }

void list_number(list* l, long long v) {
  char digits[32];
  list_add(l, digits, (size_t)snprintf(digits, sizeof digits, "%lld", v));
}

void list_free(list* l) {
  for (size_t i = 0; i < l->n; i++) free((char*)l->at[i].ptr);
  free(l->at);
  *l = (list){0};
}

list joined;

static bool same(text a, const char* b, size_t n) {
  if (a.length != n) return false;
  for (size_t i = 0; i < n; i++)
    if (a.ptr[i] != (char)tolower((unsigned char)b[i])) return false;
  return true;
}

static bool is_joined(const char* key, size_t n) {
  for (size_t i = 0; i < joined.n; i++)
    if (same(joined.at[i], key, n)) return true;
  return false;
}

static void set_value(pair* p, const char* value, size_t n) {
  char* fresh = copy(value, n);  // every write moves the value, as Envoy's may
  free((char*)p->value.ptr);
  p->value = (text){fresh, n};
}

void map_add(map* m, const char* key, size_t nkey, const char* value, size_t nvalue) {
  if (is_joined(key, nkey)) {
    for (size_t i = 0; i < m->n; i++) {
      if (!same(m->at[i].key, key, nkey)) continue;
      text old = m->at[i].value;
      char* both = malloc(old.length + 1 + nvalue + 1);
      memcpy(both, old.ptr, old.length);
      both[old.length] = ',';
      if (nvalue) memcpy(both + old.length + 1, value, nvalue);
      set_value(&m->at[i], both, old.length + 1 + nvalue);
      free(both);
      return;
    }
  }
  if (m->n == m->room) m->at = realloc(m->at, (m->room = m->room ? 2 * m->room : 16) * sizeof *m->at);
  char* k = copy(key, nkey);
  for (size_t i = 0; i < nkey; i++) k[i] = (char)tolower((unsigned char)k[i]);
  m->at[m->n++] = (pair){{k, nkey}, {copy(value, nvalue), nvalue}};
}

void map_remove(map* m, const char* key, size_t nkey) {
  size_t kept = 0;
  for (size_t i = 0; i < m->n; i++) {
    if (same(m->at[i].key, key, nkey)) {
      free((char*)m->at[i].key.ptr);
      free((char*)m->at[i].value.ptr);
    } else {
      m->at[kept++] = m->at[i];
    }
  }
  m->n = kept;
}

// As Envoy does: whatever there was goes, and the value comes last, unless it is
// that of a pseudo-header.
void map_set(map* m, const char* key, size_t nkey, const char* value, size_t nvalue) {
  for (size_t i = 0; i < m->n; i++) {
    if (key[0] == ':' && same(m->at[i].key, key, nkey)) {
      set_value(&m->at[i], value, nvalue);
      return;
    }
  }
  map_remove(m, key, nkey);
  map_add(m, key, nkey, value, nvalue);
}

const text* map_get(const map* m, const char* key, size_t index) {
  for (size_t i = 0; i < m->n; i++)
    if (same(m->at[i].key, key, strlen(key)) && index-- == 0) return &m->at[i].value;
  return NULL;
}

void map_free(map* m) {
  for (size_t i = 0; i < m->n; i++) {
    free((char*)m->at[i].key.ptr);
    free((char*)m->at[i].value.ptr);
  }
  free(m->at);
  *m = (map){0};
}
