package dev.behalf.web.jobs;

import dev.behalf.contract.Environment;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.stereotype.Component;

/** For operators: whose share differs from that of everybody else. */
@Component
@Endpoint(id = "lanes")
class LanesEndpoint {

  private final Lanes lanes;

  LanesEndpoint(Lanes lanes) {
    this.lanes = lanes;
  }

  /** Those that were changed. */
  @ReadOperation
  Map<String, List<Lanes.Lane>> lanes() {
    return Map.of("lanes", lanes.changed());
  }

  /**
   * Sets a user's share.
   *
   * @param weight turns for each turn of others, 1 to 1,000
   * @param cap the most jobs in flight; without it, that of everybody
   */
  @WriteOperation
  void set(String environment, String user, int weight, @Nullable Integer cap) {
    lanes.set(new Lanes.Lane(UUID.fromString(user), Environment.of(environment), weight, cap));
  }
}
