package dev.behalf.keyauth;

import dev.behalf.contract.ProblemCode;
import dev.behalf.keyauth.KeyCheck.Accepted;
import dev.behalf.keyauth.KeyCheck.Refused;
import dev.behalf.problem.Problem;
import dev.behalf.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.slf4j.MDC;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataAccessException;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Reads {@code Authorization: Api-Key <KEY>}. A request without that scheme passes on unchanged,
 * for another door or to be refused; one with a wrong key ends here with 401.
 */
public final class ApiKeyDoor extends OncePerRequestFilter {

  private static final String SCHEME = "Api-Key ";

  private final ApiKeys keys;
  private final ProblemWriter problems;
  private final ApplicationEventPublisher events;

  public ApiKeyDoor(ApiKeys keys, ProblemWriter problems, ApplicationEventPublisher events) {
    this.keys = keys;
    this.problems = problems;
    this.events = events;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var header = request.getHeader("Authorization");
    if (header == null || !isKnocking(request)) {
      chain.doFilter(request, response);
      return;
    }
    KeyCheck check;
    try {
      check = keys.check(header.substring(SCHEME.length()).strip());
    } catch (DataAccessException | CannotCreateTransactionException unavailable) {
      problems.write(response, Problem.unavailable());
      return;
    }
    events.publishEvent(check);
    switch (check) {
      case Accepted accepted -> enter(accepted.holder(), request, response, chain);
      case Refused refused -> problems.write(response, refusal(refused));
    }
  }

  /** Whether the request comes by this door: it then ends here or goes on as the key's user. */
  public static boolean isKnocking(HttpServletRequest request) {
    var header = request.getHeader("Authorization");
    return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
  }

  private static void enter(
      KeyHolder holder, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var context = SecurityContextHolder.createEmptyContext();
    context.setAuthentication(new KeyAuthentication(holder));
    SecurityContextHolder.setContext(context);
    try (var user = MDC.putCloseable("user_id", holder.userId().toString());
        var key = MDC.putCloseable("key_id", holder.keyId());
        var environment = MDC.putCloseable("environment", holder.environment().wire())) {
      chain.doFilter(request, response);
    } finally {
      SecurityContextHolder.clearContext();
    }
  }

  private static Problem refusal(Refused refused) {
    return refused.reason() == KeyCheck.Reason.MALFORMED
        ? new Problem(
            ProblemCode.KEY_INVALID, "The key is mistyped or cut off: its checksum is wrong.")
        : new Problem(
            ProblemCode.KEY_INVALID,
            "Use a key that exists and is not expired, disabled or revoked.");
  }

  /** The authentication of a request that came with a key; the scopes are its authorities. */
  private static final class KeyAuthentication extends AbstractAuthenticationToken {
    private final transient KeyHolder holder;

    KeyAuthentication(KeyHolder holder) {
      super(
          List.copyOf(
              AuthorityUtils.createAuthorityList(
                  holder.scopes().stream().map("SCOPE_"::concat).toList())));
      this.holder = holder;
      setAuthenticated(true);
    }

    @Override
    public KeyHolder getPrincipal() {
      return holder;
    }

    @Override
    public String getCredentials() {
      return "";
    }
  }
}
