/* Texts that live together and are freed together; equal ones are kept once. */
#ifndef BERING_AUDIT_TEXTS_H
#define BERING_AUDIT_TEXTS_H

struct audit_texts;

struct audit_texts *audit_texts_create(void); /* NULL: out of memory */
/* The kept copy of a text (NULL gives NULL); NULL when out of memory too. */
const char *audit_texts_keep(struct audit_texts *texts, const char *text);
void audit_texts_free(struct audit_texts *texts); /* NULL is allowed */

#endif
