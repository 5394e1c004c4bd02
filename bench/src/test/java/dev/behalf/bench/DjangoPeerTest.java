package dev.behalf.bench;

import dev.behalf.database.BehalfDatabase;
import dev.behalf.testkit.Required;
import java.net.URI;
import java.util.Optional;

/**
 * Runs if the Python of {@code -Dbehalf.python=…}, or the first of the path, has Celery; CI has
 * none.
 */
class DjangoPeerTest extends PeerTest {

  @Override
  PeerPrograms programs(BehalfDatabase database, URI broker) throws Exception {
    var python = Optional.of(System.getProperty("behalf.python", "python3"));
    var usable = DjangoPrograms.isUsable(python.get()) ? python : Optional.<String>empty();
    return DjangoPrograms.with(Required.orSkip("celery", usable), database, broker);
  }
}
