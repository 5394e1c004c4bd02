package dev.behalf.e2e;

import dev.behalf.testkit.Required;
import dev.behalf.testkit.TestBroker;

class WholeWayOnRabbitMqTest extends WholeWay {

  @Override
  TestBroker broker() {
    return Required.orSkip("rabbitmq", TestBroker.rabbitMq());
  }
}
