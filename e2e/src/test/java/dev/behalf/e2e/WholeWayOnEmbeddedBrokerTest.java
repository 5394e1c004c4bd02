package dev.behalf.e2e;

import dev.behalf.testkit.TestBroker;

class WholeWayOnEmbeddedBrokerTest extends WholeWay {

  @Override
  TestBroker broker() {
    return TestBroker.embedded();
  }
}
