package dev.behalf.client.test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The run of a job: its input, and what it says while it works. */
public final class FakeRun {

  private final FakeJob job;

  FakeRun(FakeJob job) {
    this.job = job;
  }

  /** Returns the input, with the property {@code operation}. */
  public JsonNode input() {
    return job.payload();
  }

  /** Says the next part of the result. */
  public void output(String delta) {
    job.say("output", object().put("delta", delta));
  }

  /**
   * Says how far the work is.
   *
   * @param fraction from 0 to 1
   */
  public void progress(double fraction, String message) {
    job.say("progress", object().put("fraction", fraction).put("message", message));
  }

  /** Returns whether the job was cancelled: then the work can stop. */
  public boolean isCancelled() {
    return job.hasEnded();
  }

  private static ObjectNode object() {
    return FakeJson.MAPPER.createObjectNode();
  }
}
