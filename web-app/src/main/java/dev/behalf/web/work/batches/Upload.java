package dev.behalf.web.work.batches;

import dev.behalf.contract.Environment;
import dev.behalf.contract.JobPayload;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** A file between its preview and its start. */
record Upload(
    UUID id,
    Environment environment,
    String name,
    Batch.Format format,
    Settings settings,
    Preview preview,
    Instant createdAt) {

  /**
   * How a file is read.
   *
   * @param columns the properties that the columns hold; empty for JSON lines
   */
  record Settings(Encoding encoding, String operation, List<String> columns) {

    /** Returns whether the settings say which operation a row asks for. */
    boolean isComplete() {
      return !operation.isEmpty() || columns.contains(JobPayload.OPERATION);
    }

    Columns.Chosen chosen() {
      return new Columns.Chosen(operation, columns);
    }
  }

  /** Returns the idempotency key of its batch; the space keeps it apart from users' keys. */
  static String idempotencyKey(UUID id) {
    return "upload " + id;
  }
}
