package dev.behalf.web.jobs;

import dev.behalf.contract.Environment;
import dev.behalf.web.jobs.Pauses.By;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.stereotype.Component;

/**
 * For operators: what stands still, of a queue or of a user. A queue is named by its environment;
 * {@code docs/operate.md} has the commands.
 */
@Component
@Endpoint(id = "pauses")
class QueueEndpoint {

  private final Pauses pauses;

  QueueEndpoint(Pauses pauses) {
    this.pauses = pauses;
  }

  @ReadOperation
  Map<String, List<Pauses.Pause>> pauses() {
    return Map.of("pauses", pauses.list(By.OPERATOR, null));
  }

  /** Of one user where one is named, else of the whole queue. */
  @WriteOperation
  void pause(String environment, @Nullable String user) {
    pauses.pause(Environment.of(environment), id(user), By.OPERATOR);
  }

  @DeleteOperation
  void resume(String environment, @Nullable String user) {
    pauses.resume(Environment.of(environment), id(user), By.OPERATOR);
  }

  private static @Nullable UUID id(@Nullable String user) {
    return user == null ? null : UUID.fromString(user);
  }
}
