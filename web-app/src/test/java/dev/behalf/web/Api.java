package dev.behalf.web;

import dev.behalf.contract.StrictJson;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import tools.jackson.databind.JsonNode;

/** A program that calls the API with one Authorization header, and knows no cookies. */
public record Api(URI site, String authorization) {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  public static Api withKey(URI site, String key) {
    return new Api(site, "Api-Key " + key);
  }

  public static Api withToken(URI site, String token) {
    return new Api(site, "Bearer " + token);
  }

  public HttpResponse<String> get(String path) throws Exception {
    return send("GET", path, "");
  }

  public HttpResponse<String> post(String path, String json) throws Exception {
    return send("POST", path, json);
  }

  public HttpResponse<String> delete(String path) throws Exception {
    return send("DELETE", path, "");
  }

  public HttpResponse<String> send(String method, String path, String body) throws Exception {
    var request =
        HttpRequest.newBuilder(site.resolve(path))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  public static JsonNode json(HttpResponse<String> answer) {
    return parse(answer.body());
  }

  public static JsonNode parse(String json) {
    return StrictJson.MAPPER.readTree(json);
  }
}
