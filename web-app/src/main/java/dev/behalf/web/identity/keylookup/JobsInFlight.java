package dev.behalf.web.identity.keylookup;

import dev.behalf.contract.Environment;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The look-up's view of jobs in flight. The work area implements it, so that it depends on the
 * look-up and not the other way round.
 */
public interface JobsInFlight {

  /**
   * A job that a worker may hold now.
   *
   * @param operation the operation and its version, such as {@code shout@3}
   * @param audience to whom its engine may show whose work it is; null for nobody
   */
  record InFlight(String operation, @Nullable String audience) {}

  /** Returns a job of this user, if a worker may hold it now. */
  Optional<InFlight> find(UUID userId, UUID jobId, Environment environment);
}
