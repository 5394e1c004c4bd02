package dev.behalf.compute.quota;

import java.time.InstantSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Quotas for tests of other packages. */
public record Quotas(Quota quota, KeyCaps caps, Holds holds) {

  public Quotas(JdbcClient database, InstantSource clock) {
    this(new Quota(database, clock), new KeyCaps(database, clock), new Holds(database, clock));
  }

  /** Returns quotas that fail if they use a database. */
  public static Quota withoutDatabase(InstantSource clock) {
    return new Quota(JdbcClient.create(new DriverManagerDataSource("jdbc:none")), clock);
  }
}
