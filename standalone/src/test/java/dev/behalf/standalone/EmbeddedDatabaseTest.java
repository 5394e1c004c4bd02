package dev.behalf.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.behalf.database.BehalfDatabase;
import dev.behalf.database.Roles;
import dev.behalf.database.Roles.Login;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("server")
class EmbeddedDatabaseTest {

  @TempDir Path folder;

  @Test
  void keeps_its_data_over_a_restart_and_takes_no_connection_without_password() throws Exception {
    var roles = new Roles(new Login("o", "a"), new Login("w", "b"), new Login("c", "c"));
    var port = Ports.free();
    try (var server = new EmbeddedDatabase(folder, port, "secret")) {
      var database = new BehalfDatabase("127.0.0.1", server.port(), "behalf", roles);
      database.create(server.admin());
      database.migrate();
      try (var connection = database.connect(roles.owner());
          var statement = connection.createStatement()) {
        statement.execute("update compute.quota_defaults set limit_units = 7");
      }
    }
    try (var server = new EmbeddedDatabase(folder, port, "secret")) {
      var database = new BehalfDatabase("127.0.0.1", server.port(), "behalf", roles);
      database.create(server.admin());
      database.migrate();
      try (var connection = database.connect(roles.compute());
          var statement = connection.createStatement();
          var rows =
              statement.executeQuery("select distinct limit_units from compute.quota_defaults")) {
        rows.next();
        assertThat(rows.getLong(1)).isEqualTo(7);
      }
      assertThatThrownBy(() -> database.connect(new Login("postgres", "wrong")))
          .isInstanceOf(SQLException.class);
    }
  }
}
