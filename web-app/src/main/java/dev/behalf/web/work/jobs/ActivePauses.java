package dev.behalf.web.work.jobs;

import dev.behalf.contract.Environment;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What keeps a user's jobs queued. The dispatcher, which pauses them, implements it. */
public interface ActivePauses {

  /**
   * A pause.
   *
   * @param isOwn whether the user has paused the jobs and can resume them; else an operator has
   */
  record ActivePause(boolean isOwn, Instant since) {}

  /** Returns the pauses of a user's jobs, the user's own first. */
  List<ActivePause> of(UUID userId, Environment environment);
}
