/**
 * The peer that Behalf is compared with: a web process, workers and a compute process, as a team
 * writes them in an afternoon with plain Spring Boot. Each request and each job has a transaction
 * of its own.
 */
@NullMarked
package dev.behalf.bench.peer;

import org.jspecify.annotations.NullMarked;
