package dev.example.site;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** A browser without scripts: keeps cookies, and sends the CSRF token of the last page. */
final class Browser {

  private static final Pattern FIELD =
      Pattern.compile("<input type=\"hidden\" name=\"(\\w+)\" value=\"([^\"]*)\"");

  private final HttpClient http =
      HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
  private final String site;

  /** The hidden fields of the last page. */
  final Map<String, String> hidden = new HashMap<>();

  Browser(String site) {
    this.site = site;
  }

  Browser signIn(String name) {
    get("/sign-in");
    var answer = post("/sign-in", Map.of("username", name, "password", SiteTest.PASSWORD));
    if (location(answer).contains("error")) {
      throw new AssertionError("The sign-in failed.");
    }
    get("/");
    return this;
  }

  HttpResponse<String> get(String path) {
    var page =
        send(
            HttpRequest.newBuilder(URI.create(site + path))
                .header("Accept", "text/html, */*;q=0.5"));
    FIELD.matcher(page.body()).results().forEach(one -> hidden.put(one.group(1), one.group(2)));
    return page;
  }

  HttpResponse<String> post(String path, Map<String, String> fields) {
    var all = new HashMap<>(hidden);
    all.putAll(fields);
    var form =
        all.entrySet().stream()
            .map(each -> each.getKey() + "=" + encoded(each.getValue()))
            .collect(joining("&"));
    return send(
        HttpRequest.newBuilder(URI.create(site + path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form)));
  }

  /** Returns where an answer redirects to, as a path, or an empty text. */
  static String location(HttpResponse<String> answer) {
    return answer.headers().firstValue("Location").orElse("").replaceFirst("^http://[^/]+", "");
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
