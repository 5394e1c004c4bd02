package dev.behalf.compute.runs;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The settings {@code behalf.runs}.
 *
 * @param atMost the most runs of this replica
 * @param atMostBytes the most bytes of input, as JSON, that its runs may have together
 * @param grace how long runs may go on when the server is stopped, before they are handed back
 */
@ConfigurationProperties("behalf.runs")
record RunSettings(
    @DefaultValue("4000") int atMost,
    @DefaultValue("256MB") DataSize atMostBytes,
    @DefaultValue("20s") Duration grace) {}
