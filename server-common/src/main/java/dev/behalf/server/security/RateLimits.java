package dev.behalf.server.security;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.problem.ProblemWriter;
import io.github.bucket4j.Bucket;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Limits the requests per minute of each user, and of each platform, in each replica, across all
 * keys and tokens. Workers are not counted: the fair queue paces their jobs. The headers follow the
 * IETF draft ratelimit-headers.
 */
public final class RateLimits extends OncePerRequestFilter {

  private static final int MAX_USERS = 100_000;
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final String prefix;
  private final int perMinute;
  private final String policy;
  private final ProblemWriter problems;
  private final LoadingCache<UUID, Bucket> buckets;

  /**
   * Creates the filter of an API.
   *
   * @param prefix the path prefix of the API; pages are not counted
   */
  public RateLimits(String prefix, int perMinute, ProblemWriter problems) {
    this.prefix = prefix;
    this.perMinute = perMinute;
    this.policy = "\"requests\";q=%d;w=%d".formatted(perMinute, WINDOW.toSeconds());
    this.problems = problems;
    this.buckets =
        Caffeine.newBuilder()
            .maximumSize(MAX_USERS)
            .expireAfterAccess(WINDOW.multipliedBy(2))
            .build(this::full);
  }

  /**
   * Skips other paths. The servlet path is normalised, as for the routes, however the client wrote
   * it.
   */
  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !request.getServletPath().startsWith(prefix);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var user = counted();
    if (user == null) {
      chain.doFilter(request, response);
      return;
    }
    var probe = buckets.get(user).tryConsumeAndReturnRemaining(1);
    long reset = seconds(probe.getNanosToWaitForReset());
    response.setHeader("RateLimit-Policy", policy);
    response.setHeader("RateLimit", "\"requests\";r=" + probe.getRemainingTokens() + ";t=" + reset);
    if (probe.isConsumed()) {
      chain.doFilter(request, response);
    } else {
      problems.write(
          response,
          new Problem(
                  ProblemCode.RATE_LIMITED,
                  "Send at most %,d requests a minute, all keys together; wait as Retry-After says."
                      .formatted(perMinute))
              .with("Retry-After", String.valueOf(seconds(probe.getNanosToWaitForRefill()))));
    }
  }

  private static @Nullable UUID counted() {
    var known = SecurityContextHolder.getContext().getAuthentication();
    return known != null
            && known.getPrincipal() instanceof RequestPrincipal principal
            && principal.isCounted()
        ? principal.id()
        : null;
  }

  private Bucket full(UUID user) {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(perMinute).refillGreedy(perMinute, WINDOW))
        .build();
  }

  private static long seconds(long nanos) {
    return Math.max(1, TimeUnit.NANOSECONDS.toSeconds(nanos + 999_999_999));
  }
}
