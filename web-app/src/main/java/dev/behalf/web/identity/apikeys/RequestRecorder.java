package dev.behalf.web.identity.apikeys;

import dev.behalf.contract.ProblemCode;
import dev.behalf.server.apikeys.ApiKeyAuthenticator;
import dev.behalf.server.apikeys.KeyCheck;
import dev.behalf.server.problem.ProblemWriter;
import dev.behalf.server.security.SchemeFilter;
import dev.behalf.web.site.security.RouteTemplate;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Records each API request with a key whose owner is known, also if it is refused. The filter runs
 * outside of security, which recognizes the key and may refuse the request.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 6)
class RequestRecorder extends OncePerRequestFilter {

  private static final int MAX_TEXT = 100;

  private final RequestWriter writer;
  private final InstantSource clock;

  RequestRecorder(RequestWriter writer, InstantSource clock) {
    this.writer = writer;
    this.clock = clock;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !request.getServletPath().startsWith("/api/")
        || !SchemeFilter.isUsed(request, ApiKeyAuthenticator.SCHEME);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var observed = new Observed(response);
    var exchange = new Exchange(request, observed, clock.instant(), System.nanoTime());
    var isAnswered = false;
    try {
      chain.doFilter(request, observed);
      isAnswered = true;
    } finally {
      if (request.isAsyncStarted()) {
        request.getAsyncContext().addListener(new AtEnd(exchange));
      } else {
        record(
            exchange,
            isAnswered ? observed.getStatus() : HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
      }
    }
  }

  private void record(Exchange exchange, int status) {
    if (exchange.request().getAttribute(ApiKeyAuthenticator.CHECK) instanceof KeyCheck check) {
      switch (check) {
        case KeyCheck.Accepted accepted ->
            writer.add(
                exchange.finished(
                    accepted.holder().userId(), accepted.holder().keyId(), status, check.client()));
        case KeyCheck.Refused refused -> {
          if (refused.userId() != null && refused.keyId() != null) {
            writer.add(
                exchange.finished(refused.userId(), refused.keyId(), status, check.client()));
          }
        }
      }
    }
  }

  /** A response that remembers the problem that was written to it. */
  private static final class Observed extends HttpServletResponseWrapper
      implements ProblemWriter.Observer {
    private volatile @Nullable ProblemCode code;

    Observed(HttpServletResponse response) {
      super(response);
    }

    @Override
    public void written(ProblemCode problem) {
      code = problem;
    }
  }

  private record Exchange(
      HttpServletRequest request, Observed response, Instant at, long startNanos) {

    private FinishedRequest finished(
        UUID userId, String keyId, int status, KeyCheck.Client client) {
      var code = response.code;
      var address = client.address();
      return new FinishedRequest(
          userId,
          keyId,
          at,
          request.getMethod(),
          RouteTemplate.of(request).orElse(null),
          status,
          code == null ? null : code.wire(),
          Duration.ofNanos(System.nanoTime() - startNanos).toMillis(),
          address.length() <= MAX_TEXT ? address : address.substring(0, MAX_TEXT));
    }
  }

  /** Records a response that another thread writes, such as a stream of events, at its end. */
  private final class AtEnd implements AsyncListener {
    private final Exchange exchange;

    private AtEnd(Exchange exchange) {
      this.exchange = exchange;
    }

    @Override
    public void onComplete(AsyncEvent event) {
      record(exchange, exchange.response().getStatus());
    }

    @Override
    public void onTimeout(AsyncEvent event) {}

    @Override
    public void onError(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {
      // The container forgets the listeners of the round before.
      event.getAsyncContext().addListener(this);
    }
  }
}
