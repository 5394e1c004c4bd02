package dev.behalf.bench;

import dev.behalf.database.BehalfDatabase;
import java.net.URI;

class SpringPeerTest extends PeerTest {

  @Override
  PeerPrograms programs(BehalfDatabase database, URI broker) {
    return new SpringPrograms(database, broker);
  }
}
