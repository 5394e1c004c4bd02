package dev.behalf.server.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Guards the operators' port, which has no authentication: only reads are allowed, and only under
 * the expected host names. This stops DNS rebinding, where a page of another site in a browser on
 * this machine reaches the port under a host name of its own.
 */
public final class ManagementGuard extends OncePerRequestFilter {

  private static final Set<String> HERE = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Set<String> READING = Set.of("GET", "HEAD");

  private final Set<String> hosts = new HashSet<>(HERE);

  /**
   * Creates a guard that allows the local host names.
   *
   * @param more further host names to allow, such as that of a container in its network
   */
  public ManagementGuard(List<String> more) {
    more.forEach(host -> hosts.add(host.strip().toLowerCase(Locale.ROOT)));
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (!hosts.contains(host(request))) {
      response.sendError(421);
    } else if (!READING.contains(request.getMethod())) {
      response.setHeader("Allow", String.join(", ", READING));
      response.sendError(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
    } else {
      chain.doFilter(request, response);
    }
  }

  /**
   * Returns the requested host without the port. HTTP/2 sends the host as {@code :authority}, not
   * as a header.
   */
  private static String host(HttpServletRequest request) {
    var header = request.getHeader("Host");
    var host = header == null ? request.getServerName() : header;
    return host.toLowerCase(Locale.ROOT).replaceFirst(":\\d{1,5}$", "");
  }
}
