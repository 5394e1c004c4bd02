package dev.behalf.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.behalf.database.BehalfDatabase;
import dev.behalf.database.DatabaseRefused;
import dev.behalf.database.Roles;
import dev.behalf.database.Roles.Login;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Roles and database, made with no more rights than an administrator of a hosted PostgreSQL has: on
 * the embedded one, and on the one of this machine where there is one.
 */
@Tag("scenarios")
class DatabaseSetupTest {

  @TempDir static Path folder;

  private static EmbeddedDatabase embedded;
  private static final List<Server> SERVERS = new ArrayList<>();

  record Server(int port, Login superuser) {

    Connection connect(String database, Login login) throws SQLException {
      return DriverManager.getConnection(
          "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database),
          login.name(),
          login.password());
    }

    void run(String... statements) throws SQLException {
      try (var connection = connect("postgres", superuser);
          var statement = connection.createStatement()) {
        for (var sql : statements) {
          statement.execute(sql);
        }
      }
    }

    boolean is(String condition) throws SQLException {
      try (var connection = connect("postgres", superuser);
          var statement = connection.createStatement();
          var rows = statement.executeQuery("select " + condition)) {
        rows.next();
        return rows.getBoolean(1);
      }
    }

    BehalfDatabase database(String name, String prefix) {
      return new BehalfDatabase(
          "127.0.0.1",
          port,
          name,
          Roles.named(prefix, "owner", "web", "compute"),
          Map.of("sslmode", "prefer"));
    }

    /** An administrator with these rights, and nothing left of an earlier test. */
    Login admin(String rights, String database, String prefix) throws SQLException {
      run(
          "drop database if exists " + database + " with (force)",
          "drop role if exists %sbehalf_owner, %sbehalf_web, %sbehalf_compute"
              .formatted(prefix, prefix, prefix),
          "drop role if exists setup_admin",
          "create role setup_admin login password 'admin' " + rights);
      return new Login("setup_admin", "admin");
    }
  }

  @BeforeAll
  static void start() throws Exception {
    embedded = new EmbeddedDatabase(folder.resolve("postgres"), Ports.free(), "postgres");
    SERVERS.add(new Server(embedded.port(), embedded.admin()));
    found().ifPresent(SERVERS::add);
  }

  @AfterAll
  static void stop() throws Exception {
    for (var server : SERVERS) {
      server.admin("", "setup_test", "setup_");
      server.admin("", "setup_other", "setup_b_");
      server.run("drop role setup_admin");
    }
    embedded.close();
  }

  static Stream<Arguments> servers() {
    return SERVERS.stream().map(server -> argumentSet("port " + server.port(), server));
  }

  @ParameterizedTest
  @MethodSource("servers")
  void an_administrator_who_may_create_roles_and_databases_is_enough(Server server)
      throws Exception {
    var admin = server.admin("createrole createdb", "setup_test", "setup_");
    var database = server.database("setup_test", "setup_");

    for (int times = 0; times < 2; times++) {
      database.create(admin);
      database.migrate();
    }

    assertWorks(database);
    assertThat(server.is("not has_database_privilege('public', 'setup_test', 'connect')")).isTrue();
  }

  @ParameterizedTest
  @MethodSource("servers")
  void a_database_that_was_made_before_needs_no_right_to_make_one(Server server) throws Exception {
    var admin = server.admin("createrole", "setup_test", "setup_");
    server.run("create database setup_test owner setup_admin");
    var database = server.database("setup_test", "setup_");

    database.create(admin);
    database.migrate();

    assertWorks(database);
  }

  @ParameterizedTest
  @MethodSource("servers")
  void who_may_not_is_told_what_is_missing_and_nothing_was_done(Server server) throws Exception {
    for (var rights : List.of("createrole", "createdb", "")) {
      var admin = server.admin(rights, "setup_test", "setup_");

      assertThatExceptionOfType(DatabaseRefused.class)
          .isThrownBy(() -> server.database("setup_test", "setup_").create(admin))
          .withMessageContaining(rights.equals("createrole") ? "CREATEDB" : "CREATEROLE")
          .withMessageContaining("Nothing was changed.");
      assertThat(
              server.is("not exists (select from pg_roles where rolname like 'setup\\_behalf%')"))
          .isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("servers")
  void two_installations_share_a_server_by_a_prefix(Server server) throws Exception {
    server.admin("", "setup_other", "setup_b_");
    var admin = server.admin("createrole createdb", "setup_test", "setup_");
    var one = server.database("setup_test", "setup_");
    var other = server.database("setup_other", "setup_b_");
    for (var database : List.of(one, other)) {
      database.create(admin);
      database.migrate();
    }

    assertWorks(one);
    assertWorks(other);
    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> one.connect(other.roles().web()))
        .withMessageContaining("permission denied");
  }

  @ParameterizedTest
  @MethodSource("servers")
  void installations_with_the_same_roles_may_be_set_up_at_once(Server server) throws Exception {
    var admin = server.admin("createrole createdb", "at_once_0", "at_once_");
    var names = IntStream.range(0, 4).mapToObj(i -> "at_once_" + i).toList();
    try (var threads = Executors.newFixedThreadPool(names.size())) {
      var setups =
          names.stream()
              .map(
                  name ->
                      threads.submit(
                          () -> {
                            // Each changes the passwords of the roles.
                            for (int i = 0; i < 10; i++) {
                              server.database(name, "at_once_").create(admin);
                            }
                            return null;
                          }))
              .toList();
      for (var setup : setups) {
        setup.get();
      }
    } finally {
      for (var name : names) {
        server.run("drop database if exists " + name + " with (force)");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("servers")
  void what_is_restored_from_a_dump_is_as_closed_as_before(Server server) throws Exception {
    var programs = programs(server);
    Assumptions.assumeTrue(programs.isPresent(), "pg_dump of that version is not here");
    var admin = server.admin("createrole createdb", "setup_test", "setup_");
    var database = server.database("setup_test", "setup_");
    database.create(admin);
    database.migrate();
    var dump = folder.resolve("dump-" + server.port());
    program(server, programs.get().resolve("pg_dump"), database, "-Fc", "-f", dump.toString());

    server.run("drop database setup_test with (force)");
    database.create(admin);
    program(server, programs.get().resolve("pg_restore"), database, dump.toString());
    database.migrate();

    assertWorks(database);
    assertThat(server.is("not has_database_privilege('public', 'setup_test', 'connect')")).isTrue();
    try (var connection = database.connect(database.roles().owner());
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "select not has_function_privilege('public', p.oid, 'execute') from pg_proc p"
                    + " where prosecdef and prorettype <> 'trigger'::regtype")) {
      while (rows.next()) {
        assertThat(rows.getBoolean(1)).as("a function for nobody else").isTrue();
      }
    }
  }

  private static void program(
      Server server, Path program, BehalfDatabase database, String... arguments) throws Exception {
    var command =
        new ArrayList<>(
            List.of(
                program.toString(),
                "-h",
                "127.0.0.1",
                "-p",
                "" + server.port(),
                "-U",
                database.roles().owner().name(),
                "-d",
                "setup_test"));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).inheritIO();
    builder.environment().put("PGPASSWORD", database.roles().owner().password());
    assertThat(builder.start().waitFor()).as(command.toString()).isZero();
  }

  /** Debian keeps those of each version apart. */
  private static Optional<Path> programs(Server server) throws SQLException {
    try (var connection = server.connect("postgres", server.superuser())) {
      var version = connection.getMetaData().getDatabaseMajorVersion();
      return Optional.of(Path.of("/usr/lib/postgresql", "" + version, "bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("pg_dump")));
    }
  }

  private static void assertWorks(BehalfDatabase database) throws SQLException {
    try (var connection = database.connect(database.roles().web());
        var statement = connection.createStatement()) {
      assertThat(statement.executeQuery("select count(*) from jobs.jobs").next()).isTrue();
    }
    try (var connection = database.connect(database.roles().compute());
        var statement = connection.createStatement()) {
      assertThat(statement.executeQuery("select count(*) from compute.ledger").next()).isTrue();
    }
  }

  private static Optional<Server> found() {
    var admin = new Login("postgres", System.getenv().getOrDefault("PGPASSWORD", ""));
    var server = new Server(5432, admin);
    try (var connection = server.connect("postgres", admin)) {
      return connection.getMetaData().getDatabaseMajorVersion() >= 14
          ? Optional.of(server)
          : Optional.empty();
    } catch (SQLException none) {
      return Optional.empty();
    }
  }
}
