package dev.behalf.e2e;

import dev.behalf.testkit.BehalfSystem;
import dev.behalf.testkit.TestBroker;
import org.junit.jupiter.api.AfterAll;

class WholeWayOnEmbeddedBrokerTest extends WholeWay {

  @Override
  BehalfSystem system() throws Exception {
    return BehalfSystem.start(TestBroker.embedded());
  }

  @AfterAll
  void stop() throws Exception {
    if (behalf != null) {
      behalf.close();
    }
  }
}
