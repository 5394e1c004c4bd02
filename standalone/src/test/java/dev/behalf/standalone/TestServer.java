package dev.behalf.standalone;

import dev.behalf.database.BehalfDatabase;
import dev.behalf.database.Roles;
import dev.behalf.database.Roles.Login;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server with databases of one test class: the server of this machine, or an embedded
 * one. The testkit's cannot be used, because it depends on this module.
 */
final class TestServer implements AutoCloseable {

  private static final Roles ROLES = Roles.named("unit_", "owner", "web", "compute");

  private final List<BehalfDatabase> databases = new ArrayList<>();
  private final @Nullable EmbeddedDatabase embedded;
  private final Login admin;
  private final int port;

  private TestServer(@Nullable EmbeddedDatabase embedded, Login admin, int port) {
    this.embedded = embedded;
    this.admin = admin;
    this.port = port;
  }

  static TestServer start(Path folder) throws IOException, SQLException {
    var admin = new Login("postgres", System.getenv().getOrDefault("PGPASSWORD", ""));
    try (var connection =
        DriverManager.getConnection(url(5432, "postgres"), admin.name(), admin.password())) {
      if (connection.getMetaData().getDatabaseMajorVersion() >= 14) {
        return new TestServer(null, admin, 5432);
      }
    } catch (SQLException none) {
      // The embedded server takes its place.
    }
    var server = new EmbeddedDatabase(folder.resolve("postgres"), Ports.free(), "postgres");
    return new TestServer(server, server.admin(), server.port());
  }

  int port() {
    return port;
  }

  /** Returns the administrator as an address has it. */
  String userInfo() {
    return admin.name() + ":" + URLEncoder.encode(admin.password(), StandardCharsets.UTF_8);
  }

  /** Creates a database without any table. */
  BehalfDatabase create() throws SQLException {
    return create(newName());
  }

  /** Creates a database with the same tables and rows. */
  BehalfDatabase copy(BehalfDatabase original) throws SQLException {
    var name = newName();
    try (var connection =
            DriverManager.getConnection(url(port, "postgres"), admin.name(), admin.password());
        var statement = connection.createStatement()) {
      statement.execute(
          "create database %s template %s owner %s"
              .formatted(
                  name,
                  original.url().substring(original.url().lastIndexOf('/') + 1),
                  ROLES.owner()));
    }
    return create(name);
  }

  void drop(BehalfDatabase database) throws SQLException {
    database.drop(admin);
    databases.remove(database);
  }

  private BehalfDatabase create(String name) throws SQLException {
    var database = new BehalfDatabase("127.0.0.1", port, name, ROLES);
    databases.add(database);
    database.create(admin);
    return database;
  }

  private static String newName() {
    return "unit_" + UUID.randomUUID().toString().replace("-", "");
  }

  private static String url(int port, String database) {
    return "jdbc:postgresql://127.0.0.1:%d/%s?connectTimeout=2".formatted(port, database);
  }

  @Override
  public void close() throws IOException, SQLException {
    for (var database : List.copyOf(databases)) {
      drop(database);
    }
    if (embedded != null) {
      embedded.close();
    }
  }
}
