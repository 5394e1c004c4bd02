package dev.behalf.web.billing.usage;

import dev.behalf.server.security.Scope;
import dev.behalf.web.identity.apikeys.KeyView;
import dev.behalf.web.identity.apikeys.Keys;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.work.jobs.JobRow;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The steps to a first call of the API, ticked by what the user has really done. */
@Component
class FirstSteps {

  private final Keys keys;

  FirstSteps(Keys keys) {
    this.keys = keys;
  }

  /**
   * @param hasKey whether the user has issued a key
   * @param hasCalled whether a request with a key of the user's own has arrived
   * @param hasResult whether one of the newest jobs was submitted with a key, and has succeeded
   */
  record Steps(boolean hasKey, boolean hasCalled, boolean hasResult) {}

  /** Returns the steps, or empty once each is done or if the user may not see keys. */
  Optional<Steps> of(Caller caller, List<JobRow> newest) {
    if (!caller.scopes().contains(Scope.KEYS_READ)) {
      return Optional.empty();
    }
    var own = keys.list(caller).stream().filter(key -> !key.isManaged()).toList();
    var hasCalled = own.stream().map(KeyView::lastUsed).anyMatch(use -> use != null);
    var hasResult =
        newest.stream().anyMatch(job -> job.isByKey() && job.state().wire().equals("succeeded"));
    return hasCalled && (hasResult || newest.size() == HomePage.JOBS_SHOWN)
        ? Optional.empty()
        : Optional.of(new Steps(!own.isEmpty(), hasCalled, hasResult));
  }
}
