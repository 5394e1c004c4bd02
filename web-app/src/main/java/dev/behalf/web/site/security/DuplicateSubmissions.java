package dev.behalf.web.site.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.behalf.contract.Sha256;
import dev.behalf.contract.StrictJson;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * Processes a form only once when it is submitted twice, by a double click or a reload of its
 * answer. Both requests get the same answer, because the browser shows the one to the second click.
 * Each rendered form carries an id of its own in its address ({@link FormIds}); with other content,
 * as after the Back button, it is another form. The filter runs outside of sessions and security,
 * so that sign-in is a form like any other.
 *
 * <p>The answer is kept in this replica for a minute. If a load balancer sends the second click to
 * another replica, that replica processes the form as well. Actions that must not be repeated
 * prevent that themselves (idempotency keys, unique rows).
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
class DuplicateSubmissions extends OncePerRequestFilter {

  static final String ID = "form";

  private static final Duration KEPT = Duration.ofMinutes(1);
  private static final int SECONDS_TO_WAIT = 30;

  /** Maximum size of all kept answers together, in bytes. */
  private static final int MAX_KEPT = 16 * 1024 * 1024;

  /**
   * Assumed size of a pending answer, in bytes. There are as many of them as requests in progress.
   */
  private static final int SIZE_OF_UNKNOWN = 1_000;

  private static final String HAS_SESSION = DuplicateSubmissions.class.getName();

  private final Cache<String, CompletableFuture<Answer>> answers =
      Caffeine.newBuilder()
          .expireAfterWrite(KEPT)
          .maximumWeight(MAX_KEPT)
          .weigher(DuplicateSubmissions::weight)
          .build();

  private final String cookie;

  DuplicateSubmissions(@Value("${server.servlet.session.cookie.name}") String cookie) {
    this.cookie = cookie;
  }

  /**
   * Sets whether the answer may be kept. A filter further inside, where sessions are known, calls
   * this: a request with a made-up cookie is answered, but its answer must not displace those of
   * others.
   */
  static void keepIf(boolean hasSession, HttpServletRequest request) {
    request.setAttribute(HAS_SESSION, hasSession);
  }

  private record Answer(int status, Map<String, List<String>> headers, byte[] body) {

    static final Answer LATE =
        new Answer(HttpServletResponse.SC_SERVICE_UNAVAILABLE, Map.of(), new byte[0]);

    static Answer of(ContentCachingResponseWrapper response) {
      var headers = new LinkedHashMap<String, List<String>>();
      for (var name : response.getHeaderNames()) {
        headers.put(name, List.copyOf(response.getHeaders(name)));
      }
      var type = response.getContentType();
      if (type != null) {
        headers.put("Content-Type", List.of(type));
      }
      return new Answer(response.getStatus(), headers, response.getContentAsByteArray());
    }

    void write(HttpServletResponse response) throws IOException {
      if (status >= HttpServletResponse.SC_BAD_REQUEST && body.length == 0) {
        // The container rendered its error page.
        response.sendError(status);
        return;
      }
      response.setStatus(status);
      headers.forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
      response.getOutputStream().write(body);
    }
  }

  /** Skips all but forms of browsers, which send no Authorization header. */
  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !request.getMethod().equals("POST")
        || id(request) == null
        || session(request) == null
        || request.getHeader(HttpHeaders.AUTHORIZATION) != null;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var key = key(request);
    var mine = new CompletableFuture<Answer>();
    var answer = firstAnswer(key, mine);
    if (answer != null) {
      answer.write(response);
    } else {
      answerFirst(key, mine, request, response, chain);
    }
  }

  /**
   * Returns the answer to the first request; null if this is the first, or the first one failed,
   * for example because its browser went away.
   */
  private @Nullable Answer firstAnswer(String key, CompletableFuture<Answer> mine) {
    for (var first = answers.asMap().putIfAbsent(key, mine);
        first != null;
        first = answers.asMap().putIfAbsent(key, mine)) {
      try {
        return first.get(SECONDS_TO_WAIT, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Answer.LATE;
      } catch (TimeoutException slow) {
        return Answer.LATE;
      } catch (ExecutionException | CancellationException failed) {
        answers.asMap().remove(key, first);
      }
    }
    return null;
  }

  private void answerFirst(
      String key,
      CompletableFuture<Answer> mine,
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain)
      throws ServletException, IOException {
    var kept = new ContentCachingResponseWrapper(response);
    try {
      chain.doFilter(request, kept);
      var answer = Answer.of(kept);
      kept.copyBodyToResponse();
      if (answer.status() < HttpServletResponse.SC_INTERNAL_SERVER_ERROR
          && Boolean.TRUE.equals(request.getAttribute(HAS_SESSION))) {
        mine.complete(answer);
        // Put again, so that the cache weighs the answer instead of the placeholder.
        answers.put(key, mine);
      }
    } finally {
      if (mine.cancel(true)) {
        answers.asMap().remove(key, mine);
      }
    }
  }

  private static @Nullable String id(HttpServletRequest request) {
    var query = request.getQueryString();
    return query == null
        ? null
        : Arrays.stream(query.split("&", -1))
            .filter(pair -> pair.startsWith(ID + "=") && pair.length() <= 64)
            .findFirst()
            .orElse(null);
  }

  /**
   * Returns the digest that identifies a submission: the form, its content and the browser's
   * session.
   */
  private String key(HttpServletRequest request) {
    return HexFormat.of()
        .formatHex(
            Sha256.of(
                String.join(
                    " ",
                    request.getRequestURI(),
                    String.valueOf(id(request)),
                    String.valueOf(session(request)),
                    content(request))));
  }

  private @Nullable String session(HttpServletRequest request) {
    return request.getCookies() == null
        ? null
        : Arrays.stream(request.getCookies())
            .filter(one -> one.getName().equals(cookie))
            .map(Cookie::getValue)
            .findFirst()
            .orElse(null);
  }

  /**
   * Returns the content to compare. A file counts by its length only: reading it here would mean
   * reading it twice.
   */
  private static String content(HttpServletRequest request) {
    var type = Objects.requireNonNullElse(request.getContentType(), "");
    if (!type.startsWith(MediaType.APPLICATION_FORM_URLENCODED_VALUE)) {
      return type.replaceFirst(";.*", "") + " " + request.getContentLengthLong();
    }
    var fields = new TreeMap<>(request.getParameterMap());
    // Masked differently each time a page is rendered.
    fields.remove("_csrf");
    return StrictJson.text(fields);
  }

  private static int weight(String key, CompletableFuture<Answer> answer) {
    var done = answer.getNow(null);
    return done == null ? SIZE_OF_UNKNOWN : 1_000 + done.body().length;
  }
}
