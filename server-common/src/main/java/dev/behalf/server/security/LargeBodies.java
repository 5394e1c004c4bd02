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
 * Limits how many large bodies are read at the same time, in total and for each user. Each body has
 * a size limit, but many slow uploads together would fill the memory. Workers are not counted: the
 * bytes in flight with them are already limited.
 */
public final class LargeBodies extends OncePerRequestFilter {

  /** Bodies of up to this size, in bytes, are not limited in number. */
  private static final int SMALL = 32 * 1024;

  /**
   * Large bodies at the same time. Each has at most 512 KiB, but for imports, which limit
   * themselves, and takes several times that while it is parsed.
   */
  private static final int AT_ONCE = 64;

  private static final int AT_ONCE_OF_USER = 16;
  private static final int MAX_USERS = 10_000;

  private final String prefix;
  private final String streamed;
  private final ProblemWriter problems;
  private final Semaphore places = new Semaphore(AT_ONCE);
  private final LoadingCache<UUID, Semaphore> ofUsers =
      Caffeine.newBuilder().maximumSize(MAX_USERS).build(user -> new Semaphore(AT_ONCE_OF_USER));

  /**
   * Creates the filter of an API.
   *
   * @param prefix the path prefix of the API
   * @param streamed the address that reads its body as a stream; empty for none
   */
  public LargeBodies(String prefix, String streamed, ProblemWriter problems) {
    this.prefix = prefix;
    this.streamed = streamed;
    this.problems = problems;
  }

  /**
   * Skips small bodies, and a GET request without a length. Any other body without a length may be
   * large. Skips also the address whose body is read as a stream, a few lines at a time.
   */
  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    var length = request.getContentLengthLong();
    return !request.getServletPath().startsWith(prefix)
        || request.getServletPath().equals(streamed)
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
      // Workers are not counted. An anonymous request is refused before its body is read.
      chain.doFilter(request, response);
      return;
    }
    var ofUser = ofUsers.get(principal.id());
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
