package dev.behalf.web.work.batches;

import dev.behalf.contract.Environment;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.work.jobs.Annotations;
import org.jspecify.annotations.Nullable;

/**
 * A file of jobs that somebody sends.
 *
 * @param name file name, or what the sender calls the batch; can be empty
 * @param idempotencyKey key under which the same file can be sent again; null for none
 * @param annotations tags of all its jobs
 * @param columns the properties that the columns of CSV hold
 */
record NewBatch(
    Caller caller,
    Environment environment,
    String name,
    Batch.Format format,
    @Nullable String idempotencyKey,
    Annotations annotations,
    Columns columns) {

  private static final int LONGEST_NAME = 120;

  NewBatch {
    name = shown(name);
  }

  /** Returns a name as it can be stored and shown in one line. */
  static String shown(String name) {
    return name.strip()
        .codePoints()
        .filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE)
        .limit(LONGEST_NAME)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
