package dev.behalf.web.site.security;

import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Bounds the work that is done for who has proved nothing yet, by where it comes from: accounts,
 * sessions, reports, and what an application's server says without being one.
 */
@Component
public class AnonymousRateLimits {

  private static final Duration MISSES = Duration.ofMinutes(15);
  private static final int MISSES_OF_CLIENT = 20;
  private static final int MISSES_OF_ADDRESS = 100;

  /** They do work for each request, for anybody. */
  private static final Set<String> REPORTS = Set.of("/api/v1/leaked-keys", "/receipts/check");

  private static final Set<String> CLIENTS =
      Set.of("/oauth2/token", "/oauth2/revoke", "/oauth2/introspect");

  /** Whoever comes there without a session gets one. */
  private static final Set<String> BEGINNINGS = Set.of("/signin", "/signup", "/oauth2/authorize");

  private final Throttle signUps;
  private final Throttle sessions;
  private final Throttle reports;
  private final Throttle clients = new Throttle(MISSES_OF_CLIENT, MISSES);
  private final Throttle clientAddresses = new Throttle(MISSES_OF_ADDRESS, MISSES);
  private final ProblemWriter problems;

  AnonymousRateLimits(AnonymousRateSettings settings, ProblemWriter problems) {
    this.signUps = new Throttle(settings.signUpsPerHour(), Duration.ofHours(1));
    this.sessions = new Throttle(settings.sessionsPerMinute(), Duration.ofMinutes(1));
    this.reports = new Throttle(settings.reportsPerMinute(), Duration.ofMinutes(1));
    this.problems = problems;
  }

  /** Takes one sign-up, or one question whether there is such an account; else how long to wait. */
  public Optional<Duration> signUp(HttpServletRequest request) {
    return signUps.take(network(request));
  }

  /** For the pages and the API. */
  public OncePerRequestFilter beginnings() {
    return new OncePerRequestFilter() {
      @Override
      protected void doFilterInternal(
          HttpServletRequest request, HttpServletResponse response, FilterChain chain)
          throws ServletException, IOException {
        var wait = toWait(request);
        if (wait.isPresent()) {
          refuse(response, wait.get());
        } else {
          chain.doFilter(request, response);
        }
      }
    };
  }

  private Optional<Duration> toWait(HttpServletRequest request) {
    var path = request.getServletPath();
    if (request.getMethod().equals("POST") && REPORTS.contains(path)) {
      return reports.take(network(request));
    }
    return BEGINNINGS.contains(path) && !hasSession(request)
        ? sessions.take(network(request))
        : Optional.empty();
  }

  /**
   * For the addresses of applications' servers. A secret that is right costs no try, so that a busy
   * application meets no limit; and one that is wrong is counted apart for each application, so
   * that nobody is shut out by somebody else's guesses from another place.
   */
  public OncePerRequestFilter clients() {
    return new OncePerRequestFilter() {
      @Override
      protected void doFilterInternal(
          HttpServletRequest request, HttpServletResponse response, FilterChain chain)
          throws ServletException, IOException {
        if (!CLIENTS.contains(request.getServletPath())) {
          chain.doFilter(request, response);
          return;
        }
        var address = network(request);
        var client = address + " " + client(request);
        var wait = clients.take(client).or(() -> clientAddresses.take(address));
        if (wait.isPresent()) {
          refuse(response, wait.get());
          return;
        }
        chain.doFilter(request, response);
        if (response.getStatus() != HttpServletResponse.SC_UNAUTHORIZED) {
          clients.giveBack(client);
          clientAddresses.giveBack(address);
        }
      }
    };
  }

  /** As it is claimed: by name and secret in the header, or by its id in the form. */
  private static String client(HttpServletRequest request) {
    return Objects.requireNonNullElse(
        request.getHeader("Authorization"),
        Objects.requireNonNullElse(request.getParameter("client_id"), ""));
  }

  private void refuse(HttpServletResponse response, Duration wait) throws IOException {
    problems.write(
        response,
        new Problem(
                ProblemCode.RATE_LIMITED,
                "Too many requests from this network. Retry after the number of seconds in"
                    + " Retry-After.")
            .with("Retry-After", String.valueOf(wait.toSeconds())));
  }

  /** One that there is: a cookie alone anybody can make up. */
  private static boolean hasSession(HttpServletRequest request) {
    return request.getSession(false) != null;
  }

  /** Of IPv6 the first half: one house has all of the other. */
  static String network(HttpServletRequest request) {
    var address = request.getRemoteAddr();
    if (!address.contains(":")) {
      return address;
    }
    try {
      return HexFormat.of().formatHex(InetAddress.getByName(address).getAddress(), 0, 8);
    } catch (UnknownHostException notAnAddress) {
      return address;
    }
  }
}
