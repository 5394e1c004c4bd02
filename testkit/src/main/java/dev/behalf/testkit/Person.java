package dev.behalf.testkit;

import dev.behalf.standalone.WebSession;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A test user in a session, with the requests that the pages and the API offer. */
public final class Person extends WebSession {

  private Person(URI site, String email) {
    super(site, email);
  }

  /** Returns a person who is not signed in. */
  public static Person at(URI site, String email) {
    return new Person(site, email);
  }

  /** Creates an account and signs in. */
  public static Person signUp(URI site, String email, String password)
      throws IOException, InterruptedException {
    var person = new Person(site, email);
    person.signUp(password);
    return person;
  }

  /** Signs in, also after a sign-out. */
  public HttpResponse<String> signIn(String password) throws IOException, InterruptedException {
    readToken(page("/signin"));
    var answer = form("/signin", Map.of("email", email(), "password", password));
    readToken(answer);
    return answer;
  }

  /** Opens a page with a form; its token goes with the forms that are sent next. */
  public HttpResponse<String> open(String path) throws IOException, InterruptedException {
    var page = page(path);
    readToken(page);
    return page;
  }

  /** Sends a PATCH request to the API. */
  public HttpResponse<String> patch(String path, byte[] json)
      throws IOException, InterruptedException {
    return send("PATCH", path, json);
  }

  /** Sends a PUT request to the API. */
  public HttpResponse<String> put(String path, byte[] json)
      throws IOException, InterruptedException {
    return send("PUT", path, json);
  }

  private HttpResponse<String> send(String method, String path, byte[] json)
      throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .header("X-CSRF-TOKEN", token())
            .method(method, HttpRequest.BodyPublishers.ofByteArray(json)));
  }

  /** Sends a DELETE request to the API. */
  public HttpResponse<String> delete(String path) throws IOException, InterruptedException {
    return send(request(path).header("X-CSRF-TOKEN", token()).DELETE());
  }

  /** Returns the user's newest 100 jobs. */
  public List<JsonNode> jobs() throws IOException, InterruptedException {
    return json(page("/api/v1/jobs?limit=100")).required("jobs").valueStream().toList();
  }
}
