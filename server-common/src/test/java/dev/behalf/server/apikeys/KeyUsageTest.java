package dev.behalf.server.apikeys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.contract.Environment;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.AbstractDataSource;

class KeyUsageTest {

  private final AtomicInteger asked = new AtomicInteger();
  private final KeyUsage uses = new KeyUsage(JdbcClient.create(new Away()), InstantSource.system());

  @Test
  void the_end_waits_for_a_database_that_is_away_once_and_not_once_for_each_key() {
    for (int i = 0; i < 5; i++) {
      uses.heard(
          new KeyCheck.Accepted(holder("key" + i), new KeyCheck.Client("127.0.0.1", "curl")));
    }

    uses.destroy();

    assertThat(asked).hasValue(1);
  }

  private static KeyHolder holder(String keyId) {
    return new KeyHolder(UUID.randomUUID(), Environment.LIVE, keyId, Set.of(), false, null, null);
  }

  private final class Away extends AbstractDataSource {

    @Override
    public Connection getConnection() throws SQLException {
      asked.incrementAndGet();
      throw new SQLException("connection timed out");
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
      return getConnection();
    }
  }
}
