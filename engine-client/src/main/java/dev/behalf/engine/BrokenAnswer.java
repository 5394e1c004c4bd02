package dev.behalf.engine;

/** Thrown if an engine breaks its protocol; the message says how. */
final class BrokenAnswer extends Exception {

  private final boolean isLost;

  private BrokenAnswer(String reason, boolean isLost) {
    super(reason, null, false, false);
    this.isLost = isLost;
  }

  BrokenAnswer(String reason) {
    this(reason, false);
  }

  /** Says that the answer ended too early. */
  static BrokenAnswer ended(String reason) {
    return new BrokenAnswer(reason, true);
  }

  EngineAnswer.Failed failed() {
    return new EngineAnswer.Failed(isLost, String.valueOf(getMessage()));
  }
}
