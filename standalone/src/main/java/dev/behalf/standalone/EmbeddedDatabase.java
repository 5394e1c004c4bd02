package dev.behalf.standalone;

import dev.behalf.database.Roles;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A real PostgreSQL server as a child process, on the loopback address, with its data in a folder.
 * From the first start on, every connection needs a password.
 */
public final class EmbeddedDatabase implements AutoCloseable {

  private final EmbeddedPostgres postgres;
  private final Roles.Login admin;

  public EmbeddedDatabase(Path folder, int port, String password) throws IOException, SQLException {
    stopOrphan(folder);
    admin = new Roles.Login("postgres", password);
    var rules = folder.resolve("pg_hba.conf");
    var binaries = folder.toAbsolutePath().resolveSibling("postgres-binaries");
    var existed = Files.exists(rules);
    postgres =
        EmbeddedPostgres.builder()
            .setDataDirectory(folder.toAbsolutePath())
            // Not in the folder for temporary files, where others could plant binaries.
            .setOverrideWorkingDirectory(binaries.toFile())
            .setCleanDataDirectory(false)
            .setRegisterShutdownHook(false)
            .setPort(port)
            .setPGStartupWait(Duration.ofSeconds(60))
            .setConnectConfig("password", password)
            .setServerConfig("listen_addresses", "127.0.0.1")
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("max_connections", "100")
            .setServerConfig("shared_buffers", "64MB")
            .setServerConfig("password_encryption", "scram-sha-256")
            .setOutputRedirector(ProcessBuilder.Redirect.DISCARD)
            .setErrorRedirector(ProcessBuilder.Redirect.DISCARD)
            .start();
    // The library leaves this folder open to others.
    PrivateFolder.at(binaries);
    if (!existed) {
      lock(rules);
    }
  }

  /** Stops a server that has outlived the process that started it and still holds the folder. */
  static void stopOrphan(Path folder) throws IOException {
    var pidFile = folder.resolve("postmaster.pid");
    if (Files.exists(pidFile)) {
      var pid = Long.parseLong(Files.readAllLines(pidFile).getFirst().strip());
      ProcessHandle.of(pid)
          .filter(process -> process.info().command().orElse("").endsWith("postgres"))
          .ifPresent(
              process -> {
                // SIGTERM ends the server when its last client has gone; the services have been
                // stopped before.
                process.destroy();
                process.onExit().orTimeout(60, TimeUnit.SECONDS).join();
              });
    }
  }

  public int port() {
    return postgres.getPort();
  }

  public Roles.Login admin() {
    return admin;
  }

  @Override
  public void close() throws IOException {
    postgres.close();
  }

  private void lock(Path rules) throws IOException, SQLException {
    var url = "jdbc:postgresql://127.0.0.1:" + port() + "/postgres";
    try (var connection = DriverManager.getConnection(url, admin.name(), admin.password());
        var statement = connection.createStatement()) {
      // This statement accepts no parameters. The password is generated, of base62 digits only.
      statement.execute("alter role postgres password '" + admin.password() + "'");
      Files.writeString(rules, "host all all 127.0.0.1/32 scram-sha-256\n");
      statement.execute("select pg_reload_conf()");
    }
  }
}
