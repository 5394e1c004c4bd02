package dev.behalf.compute.engines;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * The settings {@code behalf.engines}.
 *
 * @param secrets the folder of the secrets that sign calls of engines, one file for each, with the
 *     name that definitions give; absent if no engine has a secret
 */
@ConfigurationProperties("behalf.engines")
record EngineSettings(@Nullable Path secrets) {}
