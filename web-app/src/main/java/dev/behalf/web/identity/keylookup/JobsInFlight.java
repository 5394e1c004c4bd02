package dev.behalf.web.identity.keylookup;

import dev.behalf.contract.Environment;
import java.util.UUID;

/**
 * The look-up's view of jobs in flight. The work area implements it, so that it depends on the
 * look-up and not the other way round.
 */
public interface JobsInFlight {

  /** Returns whether a worker may hold this job of this user now. */
  boolean isInFlight(UUID userId, UUID jobId, Environment environment);
}
