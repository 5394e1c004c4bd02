package dev.behalf.web.identity.platforms;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.behalf.contract.ClientCredentials;
import dev.behalf.contract.ProblemCode;
import dev.behalf.server.problem.Problem;
import dev.behalf.server.security.Scope;
import dev.behalf.server.sql.Timestamps;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The platforms of this installation, and their clients. */
@Component
public class Platforms {

  /** How long a look-up is cached: what has ended is refused within a second. */
  static final Duration MAX_AGE = Duration.ofMillis(700);

  private static final String CLIENT =
      """
      select c.id, c.platform_id, p.name, c.client_id, c.secret_hash, p.scopes, p.origins
      from accounts.platform_clients c join accounts.platforms p on p.id = c.platform_id
      where p.ended_at is null and (c.expires_at is null or c.expires_at > :now)
      """;

  private final JdbcClient database;
  private final InstantSource clock;
  private final LoadingCache<String, Optional<PlatformClient>> clients =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(MAX_AGE).build(this::read);

  Platforms(JdbcClient database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Returns the client with a client id, if it and its platform have not ended. */
  public Optional<PlatformClient> client(String clientId) {
    return clients.get(clientId);
  }

  /** Returns the client with the id of its row, if it and its platform have not ended. */
  public Optional<PlatformClient> byId(UUID id) {
    return database
        .sql(CLIENT + " and c.id = :id")
        .param("now", Timestamps.of(clock.instant()))
        .param("id", id)
        .query(Platforms::client)
        .optional();
  }

  private Optional<PlatformClient> read(String clientId) {
    return database
        .sql(CLIENT + " and c.client_id = :client")
        .param("now", Timestamps.of(clock.instant()))
        .param("client", clientId)
        .query(Platforms::client)
        .optional();
  }

  /**
   * Creates a platform.
   *
   * @return its credentials, which are shown only once
   * @throws Problem about the first invalid field
   */
  public ClientCredentials create(NewPlatform asked) {
    asked.check();
    var credentials = ClientCredentials.generate();
    try {
      database
          .sql("select accounts.create_platform(?, ?, ?, ?, ?, ?, ?)")
          .params(
              UUID.randomUUID(),
              asked.name(),
              Scope.format(asked.scopes()),
              String.join(" ", asked.origins()),
              UUID.randomUUID(),
              credentials.clientId(),
              ClientCredentials.hash(credentials.secret()))
          .query(row -> {});
    } catch (DuplicateKeyException taken) {
      throw new Problem(
              ProblemCode.PAYLOAD_INVALID, "A platform has this name already: choose another one.")
          .about("name")
          .inWords("platforms.fault.taken");
    }
    return credentials;
  }

  /**
   * Adds a client to a platform; the clients before it expire.
   *
   * @param keep how long the clients before it are accepted
   * @return the credentials of the new client, which are shown only once
   */
  public ClientCredentials rotate(String name, Duration keep) {
    var credentials = ClientCredentials.generate();
    var exists =
        database
            .sql("select accounts.rotate_platform(?, ?, ?, ?, make_interval(secs => ?))")
            .params(
                name,
                UUID.randomUUID(),
                credentials.clientId(),
                ClientCredentials.hash(credentials.secret()),
                (double) keep.toSeconds())
            .query(Boolean.class)
            .single();
    if (!exists) {
      throw Problem.notFound();
    }
    return credentials;
  }

  /**
   * Ends a platform for good: its tokens and the keys that it has issued are refused within a
   * second. Its users stay.
   */
  public void end(String name) {
    if (!database
        .sql("select accounts.end_platform(?)")
        .param(name)
        .query(Boolean.class)
        .single()) {
      throw Problem.notFound();
    }
  }

  /** Returns all platforms in the order of their names. */
  public List<Platform> list() {
    var found = new LinkedHashMap<UUID, Platform>();
    database
        .sql(
            """
            select p.*, c.client_id, c.created_at as client_created_at, c.expires_at,
                   (select count(*) from accounts.platform_users u where u.platform_id = p.id) as users
            from accounts.platforms p left join accounts.platform_clients c on c.platform_id = p.id
            order by p.name, c.created_at
            """)
        .query(
            row -> {
              var platform = platform(row);
              found.computeIfAbsent(platform.id(), id -> platform).clients().add(clientOf(row));
            });
    return List.copyOf(found.values());
  }

  private static Platform platform(ResultSet row) throws SQLException {
    return new Platform(
        row.getObject("id", UUID.class),
        row.getString("name"),
        Scope.parse(row.getString("scopes")),
        words(row.getString("origins")),
        new ArrayList<>(),
        row.getLong("users"),
        Timestamps.instant(row, "created_at"),
        Timestamps.instantOrNull(row, "ended_at"));
  }

  private static Platform.Client clientOf(ResultSet row) throws SQLException {
    return new Platform.Client(
        row.getString("client_id"),
        Timestamps.instant(row, "client_created_at"),
        Timestamps.instantOrNull(row, "expires_at"));
  }

  private static PlatformClient client(ResultSet row, int index) throws SQLException {
    return new PlatformClient(
        row.getObject("id", UUID.class),
        row.getObject("platform_id", UUID.class),
        row.getString("name"),
        row.getString("client_id"),
        row.getString("secret_hash"),
        Scope.parse(row.getString("scopes")),
        words(row.getString("origins")));
  }

  private static List<String> words(@Nullable String text) {
    var words = Objects.requireNonNullElse(text, "");
    return words.isEmpty() ? List.of() : List.of(words.split(" ", -1));
  }
}
