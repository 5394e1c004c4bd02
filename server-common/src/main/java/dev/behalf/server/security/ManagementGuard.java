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
 * Guards the operators' port, which knows no credential: it is read, and only by the names that it
 * is meant to have. A page of another site that a browser on this machine shows cannot get there by
 * a name of its own (DNS rebinding).
 */
public final class ManagementGuard extends OncePerRequestFilter {

  private static final Set<String> HERE = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Set<String> READING = Set.of("GET", "HEAD");

  private final Set<String> hosts = new HashSet<>(HERE);

  /**
   * Lets this machine's names in.
   *
   * @param more names, such as that of a container in its network
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

  /** As it was asked for, without the port; HTTP/2 knows it as the authority, not as a header. */
  private static String host(HttpServletRequest request) {
    var header = request.getHeader("Host");
    var host = header == null ? request.getServerName() : header;
    return host.toLowerCase(Locale.ROOT).replaceFirst(":\\d{1,5}$", "");
  }
}
