package dev.behalf.compute.charges;

import static org.assertj.core.api.Assertions.assertThat;

import dev.behalf.compute.ComputeDatabase;
import dev.behalf.compute.ledger.Ledgers;
import dev.behalf.compute.quota.Quotas;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ChargesTest {

  private static final ComputeDatabase DATABASE = new ComputeDatabase();
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

  private static final String ROWS =
      "select (select count(*) from compute.ledger) + (select count(*) from compute.results)"
          + " + (select count(*) from compute.quota) + (select count(*) from compute.key_units)";

  @Test
  void the_warm_up_charges_nobody() {
    var client = DATABASE.client();
    var quotas = new Quotas(client, () -> NOW);
    var charges =
        new Charges(
            DATABASE.transaction(),
            new Results(client, () -> NOW),
            quotas.quota(),
            quotas.caps(),
            Ledgers.of(client, () -> NOW));
    var rows = DATABASE.number(ROWS);

    charges.warmUp();

    assertThat(DATABASE.number(ROWS)).isEqualTo(rows);
    charges.destroy();
  }
}
