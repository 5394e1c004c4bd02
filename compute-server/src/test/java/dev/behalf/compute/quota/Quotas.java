package dev.behalf.compute.quota;

import java.time.InstantSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Quotas for tests of other packages. */
public final class Quotas {

  private Quotas() {}

  /** Returns quotas that fail if they use a database. */
  public static Quota withoutDatabase(InstantSource clock) {
    return new Quota(JdbcClient.create(new DriverManagerDataSource("jdbc:none")), clock);
  }
}
