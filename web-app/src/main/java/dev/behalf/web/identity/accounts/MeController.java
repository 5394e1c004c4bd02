package dev.behalf.web.identity.accounts;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.behalf.contract.Environment;
import dev.behalf.server.security.Scope;
import dev.behalf.web.site.audit.AuditLog;
import dev.behalf.web.site.security.Caller;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The API for the caller's identity and the account's activity. */
@RestController
@RequestMapping("/api/v1")
class MeController {

  private static final int MAX_PAGE = 100;

  private final AuditLog audit;

  MeController(AuditLog audit) {
    this.audit = audit;
  }

  /**
   * The identity behind a credential.
   *
   * @param credential {@code session}, {@code key …}, {@code application …} or {@code platform …}
   * @param environment the environment of an API key; null for other credentials
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Me(UUID userId, String credential, @Nullable Environment environment, Set<Scope> scopes) {}

  /** A page of the audit log; {@code next} is the cursor of the following page. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ActivityList(List<AuditLog.Entry> activity, @Nullable Long next) {}

  @GetMapping("/me")
  Me me(Caller caller) {
    return new Me(
        caller.userId(),
        caller.actor().credential(),
        caller.onlyEnvironment(),
        Scope.both(Scope.GRANTABLE, caller.scopes()));
  }

  @GetMapping("/activity")
  ActivityList activity(
      Caller caller,
      @RequestParam @Nullable Long cursor,
      @RequestParam(defaultValue = "50") int limit) {
    var size = Math.clamp(limit, 1, MAX_PAGE);
    var entries = audit.list(caller.userId(), caller.onlyEnvironment(), cursor, size);
    return new ActivityList(
        entries, entries.size() < size ? null : Long.valueOf(entries.getLast().id()));
  }
}
