package dev.behalf.e2e;

import dev.behalf.testkit.BehalfSystem;
import dev.behalf.testkit.Required;
import java.util.Optional;
import org.junit.jupiter.api.Tag;

@Tag("scenarios")
class WholeWayOnRabbitMqTest extends WholeWay {

  /** The shared system runs on RabbitMQ wherever there is one. */
  @Override
  BehalfSystem system() throws Exception {
    var shared = BehalfSystem.shared();
    return Required.orSkip(
        "rabbitmq", Optional.of(shared).filter(system -> system.broker().isRabbitMq()));
  }
}
