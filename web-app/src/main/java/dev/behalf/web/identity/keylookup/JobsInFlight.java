package dev.behalf.web.identity.keylookup;

import dev.behalf.contract.Environment;
import java.util.UUID;

/** What the look-up asks of the work, which knows it and not the other way round. */
public interface JobsInFlight {

  /** Whether a worker may hold this job of this user now. */
  boolean isInFlight(UUID userId, UUID jobId, Environment environment);
}
