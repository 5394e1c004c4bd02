package dev.behalf.web.billing.usage;

import dev.behalf.contract.Environment;
import dev.behalf.server.security.Scope;
import dev.behalf.web.identity.apikeys.KeyView;
import dev.behalf.web.identity.apikeys.Keys;
import dev.behalf.web.site.security.Caller;
import dev.behalf.web.work.jobs.JobRow;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
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
   */
  record Steps(boolean hasKey, boolean hasCalled) {}

  /**
   * Returns the steps, or empty once each is done or if the user may not see keys.
   *
   * @param newest the user's newest jobs of an environment
   */
  Optional<Steps> of(Caller caller, Function<Environment, List<JobRow>> newest) {
    if (!caller.scopes().contains(Scope.KEYS_READ)) {
      return Optional.empty();
    }
    var own = keys.list(caller).stream().filter(key -> !key.isManaged()).toList();
    var hasCalled = own.stream().map(KeyView::lastUsed).anyMatch(use -> use != null);
    var hasResult =
        hasCalled
            && Arrays.stream(Environment.values()).map(newest).anyMatch(FirstSteps::hasResult);
    return hasResult ? Optional.empty() : Optional.of(new Steps(!own.isEmpty(), hasCalled));
  }

  /** Of many jobs, some older ones are not shown: whoever has so many needs no first step. */
  private static boolean hasResult(List<JobRow> newest) {
    return newest.size() == HomePage.JOBS_SHOWN
        || newest.stream().anyMatch(job -> job.isByKey() && job.state().wire().equals("succeeded"));
  }
}
