package dev.behalf.compute;

import dev.behalf.contract.ApiKeyFormat;
import dev.behalf.contract.Environment;
import dev.behalf.database.BehalfDatabase;
import dev.behalf.testkit.TestDatabase;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A database as compute-server sees it, without a server. */
public final class ComputeDatabase {

  private final BehalfDatabase database = ShippedOperations.apply(TestDatabase.create());
  private final DataSource ofCompute = TestDatabase.pool(database, database.roles().compute());
  private final DataSource ofOwner = TestDatabase.pool(database, database.roles().owner());
  private final JdbcClient owner = JdbcClient.create(ofOwner);

  /** Returns a client with the rights of compute-server. */
  public JdbcClient client() {
    return JdbcClient.create(ofCompute);
  }

  public TransactionTemplate transaction() {
    return new TransactionTemplate(new DataSourceTransactionManager(ofCompute));
  }

  public UUID newUser() {
    return TestDatabase.newUser(database);
  }

  /** Returns the id of a new key of the user. */
  public String newKey(UUID user, @Nullable Long dailyCap) {
    var id = ApiKeyFormat.generate(Environment.LIVE).keyId();
    owner
        .sql(
            "insert into accounts.api_keys (user_id, key_id, kind, environment, name, hash,"
                + " pepper_id, scopes, created_at, version, daily_cap) values (:user, :key,"
                + " 'personal', 'live', 'k', '', '', '', now(), 0, :cap::bigint)")
        .param("user", user)
        .param("key", id)
        .param("cap", dailyCap)
        .update();
    return id;
  }

  /** Runs a statement as the owner of the database. */
  public void sql(String statement, Object... params) {
    owner.sql(statement).params(params).update();
  }

  /** Does work in one transaction, as the owner of the database. */
  public void inTransaction(Consumer<JdbcClient> work) {
    new TransactionTemplate(new DataSourceTransactionManager(ofOwner))
        .executeWithoutResult(status -> work.accept(JdbcClient.create(ofOwner)));
  }

  /** Runs a query for one number as the owner of the database. */
  public long number(String query, Object... params) {
    return owner.sql(query).params(params).query(Long.class).single();
  }
}
