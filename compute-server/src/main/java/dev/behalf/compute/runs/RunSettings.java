package dev.behalf.compute.runs;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The settings {@code behalf.runs}.
 *
 * @param atMost the most runs of this replica
 * @param atMostBytes the most bytes of JSON that its runs may keep together, as inputs and as
 *     results that are not stored yet; a sixteenth of the heap if absent, because each takes
 *     several times its size
 * @param grace how long runs may go on when the server is stopped, before they are handed back
 */
@ConfigurationProperties("behalf.runs")
record RunSettings(
    @DefaultValue("4000") int atMost,
    @Nullable DataSize atMostBytes,
    @DefaultValue("20s") Duration grace) {

  private static final int PART_OF_THE_HEAP = 16;

  long mostBytes() {
    return atMostBytes == null
        ? Runtime.getRuntime().maxMemory() / PART_OF_THE_HEAP
        : atMostBytes.toBytes();
  }
}
