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
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.web.authentication.www.BasicAuthenticationConverter;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Limits the work done for clients that have proved nothing yet, by network: sign-ups, new
 * sessions, reports, and failed authentication of applications' servers.
 */
@Component
public class AnonymousRateLimits {

  private static final Duration MISSES = Duration.ofMinutes(15);
  private static final int MISSES_OF_CLIENT = 20;
  private static final int MISSES_OF_ADDRESS = 100;

  /** Addresses that do work for each request, for anyone. */
  private static final Set<String> REPORTS = Set.of("/api/v1/leaked-keys", "/receipts/check");

  private static final Set<String> CLIENTS =
      Set.of("/oauth2/token", "/oauth2/revoke", "/oauth2/introspect");

  /** Addresses that give a visitor without a session a new one. */
  private static final Set<String> BEGINNINGS =
      Set.of(
          "/signin",
          "/signup",
          "/signup/link",
          "/password/forgotten",
          "/password/link",
          "/oauth2/authorize");

  private final Throttle signUps;
  private final Throttle sessions;
  private final Throttle reports;
  private final Throttle clients = new Throttle(MISSES_OF_CLIENT, MISSES);
  private final Throttle clientAddresses = new Throttle(MISSES_OF_ADDRESS, MISSES);
  private final ProblemWriter problems;
  private final BasicAuthenticationConverter basicCredentials = new BasicAuthenticationConverter();

  AnonymousRateLimits(AnonymousRateSettings settings, ProblemWriter problems) {
    this.signUps = new Throttle(settings.signUpsPerHour(), Duration.ofHours(1));
    this.sessions = new Throttle(settings.sessionsPerMinute(), Duration.ofMinutes(1));
    this.reports = new Throttle(settings.reportsPerMinute(), Duration.ofMinutes(1));
    this.problems = problems;
  }

  /**
   * Takes one sign-up or one request for a link by mail, which may also be a probe whether an
   * account exists; returns how long to wait if none is left.
   */
  public Optional<Duration> signUp(HttpServletRequest request) {
    return signUps.take(network(request));
  }

  /** Returns the filter for pages and API, which limits new sessions and reports. */
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
   * Returns the filter for the addresses of applications' servers. A correct secret costs no
   * attempt, so that a busy application meets no limit. Wrong secrets are counted by network and
   * claimed client, so that guesses from elsewhere shut nobody out.
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

  /**
   * Returns the claimed client id, from Basic authentication or from the form. Without the secret:
   * guesses at one client's secret share a limit.
   */
  private String client(HttpServletRequest request) {
    var formId = Objects.requireNonNullElse(request.getParameter("client_id"), "");
    try {
      var basic = basicCredentials.convert(request);
      return basic == null ? formId : basic.getName();
    } catch (BadCredentialsException malformed) {
      return formId;
    }
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

  /** Returns whether the session exists: a cookie alone can be made up by anyone. */
  private static boolean hasSession(HttpServletRequest request) {
    return request.getSession(false) != null;
  }

  /** Returns the client's address, of IPv6 its first 64 bits: one household has all of a /64. */
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
