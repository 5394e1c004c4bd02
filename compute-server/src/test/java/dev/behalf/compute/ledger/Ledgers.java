package dev.behalf.compute.ledger;

import java.time.InstantSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Ledgers for tests of other packages. */
public final class Ledgers {

  private Ledgers() {}

  public static Ledger of(JdbcClient database, InstantSource clock) {
    return new Ledger(database, clock);
  }
}
