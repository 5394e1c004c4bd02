package dev.behalf.server.security;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Each body has a bound, and so have those that are read at once: many that come slowly would fill
 * the memory together. A user has some of the places, so that nobody takes all. Workers are not
 * counted: what is out with them is bounded in bytes.
 */
public final class LargeBodies extends OncePerRequestFilter {

  /** Of these there can be as many as there are requests, in bytes. */
  private static final int SMALL = 32 * 1024;

  /** Of half a MiB at most, some times over while they are parsed. */
  private static final int AT_ONCE = 64;

  private static final int AT_ONCE_OF_USER = 16;
  private static final int MAX_USERS = 10_000;

  private final String prefix;
  private final ProblemWriter problems;
  private final Semaphore places = new Semaphore(AT_ONCE);
  private final LoadingCache<UUID, Semaphore> ofUsers =
      Caffeine.newBuilder().maximumSize(MAX_USERS).build(user -> new Semaphore(AT_ONCE_OF_USER));

  /**
   * Counts what goes to an API.
   *
   * @param prefix of the API's addresses
   */
  public LargeBodies(String prefix, ProblemWriter problems) {
    this.prefix = prefix;
    this.problems = problems;
  }

  /** Without a length it may be of any. */
  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    var length = request.getContentLengthLong();
    return !request.getServletPath().startsWith(prefix)
        || (length >= 0 && length <= SMALL)
        || (length < 0 && request.getMethod().equals("GET"));
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var known = SecurityContextHolder.getContext().getAuthentication();
    if (known == null
        || !(known.getPrincipal() instanceof RequestPrincipal principal)
        || !principal.isCounted()) {
      // A stranger's is not read: there is no way further without a credential.
      chain.doFilter(request, response);
      return;
    }
    var ofUser = ofUsers.get(principal.userId());
    if (!ofUser.tryAcquire()) {
      problems.write(
          response,
          new Problem(
                  ProblemCode.RATE_LIMITED,
                  "Send at most %d bodies of more than 32 KiB at once.".formatted(AT_ONCE_OF_USER))
              .with("Retry-After", "1"));
      return;
    }
    try {
      if (!places.tryAcquire()) {
        problems.write(response, Problem.unavailable());
        return;
      }
      try {
        chain.doFilter(request, response);
      } finally {
        places.release();
      }
    } finally {
      ofUser.release();
    }
  }
}
