package dev.behalf.compute.jobs;

import dev.behalf.compute.quota.Quota;
import dev.behalf.contract.Environment;
import dev.behalf.server.apikeys.KeyHolder;
import dev.behalf.server.security.Scope;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The endpoints that show the user, scopes and usage of a key. */
@RestController
class MeController {

  private final Quota quota;

  MeController(Quota quota) {
    this.quota = quota;
  }

  record Me(UUID userId, String keyId, Environment environment, Set<Scope> scopes) {}

  /** Units of the current month; those held are for jobs under way. */
  record Usage(
      Environment environment, String period, long limit, long used, long held, long left) {}

  record Usages(List<Usage> usage) {}

  @GetMapping("/v1/me")
  Me me(@AuthenticationPrincipal KeyHolder holder) {
    return new Me(holder.userId(), holder.keyId(), holder.environment(), holder.scopes());
  }

  @GetMapping("/v1/usage")
  Usages usage(@AuthenticationPrincipal KeyHolder holder) {
    return new Usages(
        quota.states(holder.userId()).stream()
            .filter(s -> s.environment() == holder.environment())
            .map(
                s ->
                    new Usage(
                        s.environment(),
                        s.period().name(),
                        s.limit(),
                        s.used(),
                        s.held(),
                        s.left()))
            .toList());
  }
}
