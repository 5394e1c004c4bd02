package dev.behalf.client.test;

import tools.jackson.databind.JsonNode;

/** What an operation does with an input, in a test. */
@FunctionalInterface
public interface FakeOperation {

  /**
   * Returns the result: a map, a record or a {@link JsonNode}.
   *
   * @throws FakeFailure if the job fails
   */
  Object run(FakeRun run) throws InterruptedException;
}
