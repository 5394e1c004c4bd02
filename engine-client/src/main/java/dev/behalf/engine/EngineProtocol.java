package dev.behalf.engine;

import java.io.IOException;
import java.time.Instant;
import java.util.function.Consumer;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/** What is said to an engine in one call, and what its answer means. */
sealed interface EngineProtocol permits BehalfProtocol, ChatProtocol {

  Request request(Instant now);

  /**
   * Reads an answer.
   *
   * @return null if the request is to be made once more, in another form
   */
  @Nullable EngineAnswer answer(Reply reply, Consumer<EngineEvent> listener)
      throws IOException, BrokenAnswer;

  /** Returns what a status means that is neither a result nor about the input. */
  static EngineAnswer ofStatus(Reply reply) {
    int status = reply.status();
    return switch (status) {
      case 429, 503 -> new EngineAnswer.Busy(reply.retryAfter());
      case 401, 403, 404, 405, 407 ->
          new EngineAnswer.Unusable(false, "The engine answered " + status + ".");
      default ->
          status / 100 == 3
              ? new EngineAnswer.Unusable(
                  false, "The engine answered " + status + ": redirects are not followed.")
              : new EngineAnswer.Failed(false, "The engine answered " + status + ".");
    };
  }
}
