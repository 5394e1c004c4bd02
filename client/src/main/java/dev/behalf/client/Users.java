package dev.behalf.client;

import dev.behalf.client.Transport.Call;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A platform's own users, by the ids that the platform gives them. */
public final class Users {

  private static final String PATH = "/api/v1/users";
  private static final int PAGE = 100;
  private static final Duration IMPORT = Duration.ofMinutes(5);

  private final Transport transport;

  Users(Transport transport) {
    this.transport = transport;
  }

  /** Creates or changes a user; a repeated request changes nothing. */
  public PlatformUser put(String externalId, UserProperties properties) {
    return transport.send(Call.put(path(externalId), properties.body()), Users::user);
  }

  /**
   * Returns a user.
   *
   * @throws ProblemException with status 404 if the platform has no such user
   */
  public PlatformUser get(String externalId) {
    return transport.get(path(externalId), PlatformUser::of);
  }

  /** Returns a page of users by external id. */
  public PlatformUser.Page list(@Nullable String cursor, int limit) {
    return transport.get(
        new Query(PATH).with("limit", limit).with("cursor", cursor).toString(),
        json ->
            new PlatformUser.Page(
                json.required("users").valueStream().map(PlatformUser::of).toList(),
                Json.textOrNull(json, "next")));
  }

  /** Returns all users by external id, fetched page by page. */
  public Stream<PlatformUser> all() {
    return Pages.all(
        cursor -> {
          var page = list(cursor, PAGE);
          return new Pages.Page<>(page.users(), page.next());
        });
  }

  /**
   * Creates or changes many users. A line that fails changes nothing for the others; sending all
   * again is safe.
   *
   * @param users properties by external id; at most 10,000, and 8 MiB as JSON lines
   */
  public List<PlatformUser.Imported> putAll(Map<String, UserProperties> users) {
    var lines = new ByteArrayOutputStream();
    users.forEach(
        (externalId, properties) -> {
          var line = Json.object().put("external_id", externalId);
          line.setAll(properties.body());
          lines.writeBytes(Json.MAPPER.writeValueAsBytes(line));
          lines.write('\n');
        });
    var call =
        Call.post(PATH, BodyPublishers.ofByteArray(lines.toByteArray()), "application/x-ndjson")
            .within(IMPORT)
            .repeatable();
    return transport.lines(call, PlatformUser.Imported::of);
  }

  /** Disables a user: keys and tokens are refused within a second, jobs wait. */
  public PlatformUser disable(String externalId) {
    return transport.send(Call.post(path(externalId) + "/disablement").repeatable(), Users::user);
  }

  public PlatformUser enable(String externalId) {
    return transport.send(Call.delete(path(externalId) + "/disablement"), Users::user);
  }

  /** Deletes a user with all data; closing totals stay. */
  public void delete(String externalId) {
    transport.send(Call.delete(path(externalId)), answer -> answer);
  }

  private static PlatformUser user(Transport.Answer answer) {
    return PlatformUser.of(answer.json());
  }

  private static String path(String externalId) {
    return PATH + "/" + Query.encoded(externalId);
  }
}
