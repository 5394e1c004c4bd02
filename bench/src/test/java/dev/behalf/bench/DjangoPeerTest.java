package dev.behalf.bench;

import dev.behalf.database.BehalfDatabase;
import dev.behalf.testkit.Required;
import java.net.URI;
import java.util.Optional;

/** Runs with {@code -Dbehalf.python=…} if the first Python of the path has no Celery. */
class DjangoPeerTest extends PeerTest {

  @Override
  PeerPrograms programs(BehalfDatabase database, URI broker) throws Exception {
    var python = Optional.of(System.getProperty("behalf.python", "python3"));
    var usable = DjangoPrograms.isUsable(python.get()) ? python : Optional.<String>empty();
    return DjangoPrograms.with(Required.orSkip("celery", usable), database, broker);
  }
}
