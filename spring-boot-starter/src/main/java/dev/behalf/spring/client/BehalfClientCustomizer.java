package dev.behalf.spring.client;

import dev.behalf.client.BehalfClient;

/** A bean of this type changes how the client is made. */
@FunctionalInterface
public interface BehalfClientCustomizer {

  /** Changes the settings; called once, after those of {@code behalf.*}. */
  void customize(BehalfClient.Builder builder);
}
