package dev.behalf.contract;

/**
 * The stable codes of RFC 9457 problems. The meaning of a code never changes; its texts may be
 * improved.
 */
public enum ProblemCode implements WireName {
  REQUEST_MALFORMED(400, "The request cannot be read"),
  JSON_MALFORMED(400, "The body is not the expected JSON"),
  NOT_UTF8(400, "The text is not UTF-8"),
  ID_MALFORMED(400, "The id is not a UUID"),
  IDEMPOTENCY_KEY_INVALID(400, "The Idempotency-Key cannot be used"),
  KEY_MISSING(401, "No API key was sent"),
  KEY_INVALID(401, "The API key is not valid"),
  TOKEN_INVALID(401, "The access token is not valid"),
  SIGNED_OUT(401, "You are signed out"),
  SIGNATURE_INVALID(401, "The request signature is not valid"),
  FORM_EXPIRED(403, "The form has expired"),
  FORBIDDEN(403, "This is not allowed"),
  SCOPE_MISSING(403, "Insufficient scope"),
  ADDRESS_REFUSED(403, "The key does not accept this IP address"),
  NOT_FOUND(404, "Not found"),
  METHOD_NOT_ALLOWED(405, "The method is not supported here"),
  NOT_ACCEPTABLE(406, "The response format is not supported"),
  KEY_STATE(409, "The state of the key does not allow this"),
  JOB_ENDED(409, "The job has ended"),
  JOB_CANCELLED(409, "The job was cancelled"),
  JOB_NOT_FAILED(409, "The job has not failed"),
  SUBMIT_AS_JOB(409, "Submit this operation as a job"),
  WEBHOOK_DISABLED(409, "The webhook is disabled"),
  UPLOAD_IN_PROGRESS(409, "Another request is sending the same file"),
  PAYLOAD_TOO_LARGE(413, "The input is too large"),
  MEDIA_TYPE_UNSUPPORTED(415, "The body must be application/json"),
  OPERATION_UNKNOWN(422, "Unknown operation"),
  TEXT_EMPTY(422, "The text is empty"),
  PAYLOAD_INVALID(422, "Invalid input"),
  ENVIRONMENT_MISMATCH(422, "The key belongs to the other environment"),
  IDEMPOTENCY_KEY_REUSED(422, "The Idempotency-Key was used for another request"),
  TIME_LIMIT(422, "The job exceeded its time limit"),
  JOB_ID_REUSED(422, "The job id was used for another input"),
  RESULT_TOO_LARGE(422, "The result is too large"),
  /** Between servers: the engine has an audience, and the call brought no token for it. */
  JOB_TOKEN_REQUIRED(428, "The token of the job is missing"),
  QUOTA_EXCEEDED(429, "The quota for this period is used up"),
  KEY_CAP_REACHED(429, "The daily cap of the key is used up"),
  RATE_LIMITED(429, "Too many requests"),
  INTERNAL(500, "Something went wrong on our side"),

  /** The engine of an operation refuses this input. */
  ENGINE_REFUSED(422, "The engine refuses this input"),
  /** The connection to the engine was cut or silent. */
  ENGINE_LOST(500, "The connection to the engine was lost"),
  /** The servers that ran the job were lost, one after the other. */
  RUN_LOST(500, "The servers that ran the job were lost"),
  /** Does not count as an attempt: the job waits until the engine can be called again. */
  ENGINE_UNAVAILABLE(503, "The engine cannot be reached"),
  /** Retried a few times, because the cause in the engine may be transient. */
  ENGINE_FAILED(500, "The operation fails on this input"),
  UNAVAILABLE(503, "The service cannot answer right now"),

  /** Does not count as an attempt of a worker: the job waits in the queue for a slot. */
  BUSY(503, "All compute slots are taken"),

  /** The outcome of a job, never of a request: all attempts are used up. */
  ATTEMPTS_EXHAUSTED(503, "All attempts failed"),
  /** The owner of a job has no key that workers may use. */
  NO_KEY(404, "No key is available to run this job");

  private final int status;
  private final String title;

  ProblemCode(int status, String title) {
    this.status = status;
    this.title = title;
  }

  /** Returns whether a job that meets this problem waits for others, which is no attempt. */
  public boolean isWait() {
    return this == BUSY || this == ENGINE_UNAVAILABLE;
  }

  public int status() {
    return status;
  }

  public String title() {
    return title;
  }
}
