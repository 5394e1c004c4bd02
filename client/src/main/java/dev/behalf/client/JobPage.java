package dev.behalf.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of jobs, newest first.
 *
 * @param next cursor of the next page, or null on the last page
 */
public record JobPage(List<Job> jobs, @Nullable String next) {}
