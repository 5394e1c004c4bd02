package dev.behalf.testkit;

import dev.behalf.standalone.WebSession;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A user of a test, with all that the pages and the API let a user do in a session. */
public final class Person extends WebSession {

  private Person(URI site, String email) {
    super(site, email);
  }

  /** A person who is not signed in. */
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

  /** Signs in, again after a sign-out. */
  public HttpResponse<String> signIn(String password) throws IOException, InterruptedException {
    readToken(page("/signin"));
    var answer = form("/signin", Map.of("email", email(), "password", password));
    readToken(answer);
    return answer;
  }

  /** Sends a change to the API. */
  public HttpResponse<String> patch(String path, byte[] json)
      throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .header("X-CSRF-TOKEN", token())
            .method("PATCH", HttpRequest.BodyPublishers.ofByteArray(json)));
  }

  /** Deletes through the API. */
  public HttpResponse<String> delete(String path) throws IOException, InterruptedException {
    return send(request(path).header("X-CSRF-TOKEN", token()).DELETE());
  }

  /** The newest hundred jobs. */
  public List<JsonNode> jobs() throws IOException, InterruptedException {
    return json(page("/api/v1/jobs?limit=100")).required("jobs").valueStream().toList();
  }
}
