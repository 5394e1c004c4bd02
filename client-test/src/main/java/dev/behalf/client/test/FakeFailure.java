package dev.behalf.client.test;

/** Ends a job as failed. */
public final class FakeFailure extends RuntimeException {

  private final String code;

  /**
   * Makes a failure.
   *
   * @param code a problem code, such as {@code quota_exceeded}
   * @param detail what to do about it
   */
  public FakeFailure(String code, String detail) {
    super(detail);
    this.code = code;
  }

  String code() {
    return code;
  }
}
