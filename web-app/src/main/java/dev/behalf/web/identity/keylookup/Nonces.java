package dev.behalf.web.identity.keylookup;

import dev.behalf.contract.RequestSignature;
import dev.behalf.server.sql.Timestamps;
import java.time.InstantSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** The nonces of signed requests, shared by all replicas. Each is accepted once. */
@Component
class Nonces {

  private final JdbcClient database;
  private final InstantSource clock;

  Nonces(JdbcClient database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  boolean take(String nonce) {
    return database
            .sql(
                "insert into accounts.used_nonces (nonce, used_at) values (?, ?) on conflict do nothing")
            .params(nonce, Timestamps.of(clock.instant()))
            .update()
        == 1;
  }

  /** Deletes nonces that are older than any signature still accepted. */
  @Scheduled(fixedDelayString = "60s")
  void forgetOld() {
    database
        .sql("delete from accounts.used_nonces where used_at < ?")
        .param(Timestamps.of(clock.instant().minus(RequestSignature.TOLERANCE.multipliedBy(3))))
        .update();
  }
}
