package dev.behalf.web.identity.platforms;

import dev.behalf.contract.ClientCredentials;
import dev.behalf.contract.StrictJson;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The backend of a team, which calls as a platform. */
public final class Backend {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final URI site;
  private final ClientCredentials credentials;

  public Backend(URI site, ClientCredentials credentials) {
    this.site = site;
    this.credentials = credentials;
  }

  /** Asks for a token as the platform itself, with some of its scopes or, without a word, all. */
  public String token(String... scopes) throws Exception {
    var fields = new LinkedHashMap<String, String>();
    fields.put("grant_type", "client_credentials");
    if (scopes.length > 0) {
      fields.put("scope", String.join(" ", scopes));
    }
    return accessToken(ask("/oauth2/token", fields));
  }

  /** Asks for a token for one user. */
  public HttpResponse<String> exchange(String externalId, String... scopes) throws Exception {
    var fields = new LinkedHashMap<String, String>();
    fields.put("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
    fields.put("subject_token", externalId);
    fields.put("subject_token_type", "urn:behalf:token-type:external-id");
    if (scopes.length > 0) {
      fields.put("scope", String.join(" ", scopes));
    }
    return ask("/oauth2/token", fields);
  }

  public String tokenFor(String externalId, String... scopes) throws Exception {
    return accessToken(exchange(externalId, scopes));
  }

  public HttpResponse<String> ask(String path, Map<String, String> fields) throws Exception {
    var pair = credentials.clientId() + ":" + credentials.secret();
    var form =
        fields.entrySet().stream()
            .map(field -> field.getKey() + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&"));
    return HTTP.send(
        HttpRequest.newBuilder(site.resolve(path))
            .header(
                "Authorization",
                "Basic "
                    + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form))
            .build(),
        BodyHandlers.ofString());
  }

  /** Calls as the platform itself. */
  public HttpResponse<String> call(String method, String path, String body) throws Exception {
    return call(token(), method, path, body);
  }

  /** Calls for a user, by the header. */
  public HttpResponse<String> callFor(String externalId, String method, String path, String body)
      throws Exception {
    return call(token(), method, path, body, "Behalf-On-Behalf-Of", externalId);
  }

  public HttpResponse<String> call(
      String token, String method, String path, String body, String... headers) throws Exception {
    var request =
        HttpRequest.newBuilder(site.resolve(path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  private static String accessToken(HttpResponse<String> answer) {
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(answer.statusCode() + " " + answer.body());
    }
    return json(answer).required("access_token").asString();
  }

  static JsonNode json(HttpResponse<String> answer) {
    return StrictJson.MAPPER.readTree(answer.body());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
